/**
 * Metric math over the periods of an alarm, as far as Inlet's alarms use it: numbers, ids, `+ - * /`, comparisons, `IF`
 * and `FILL` (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html). Where a metric
 * has no data point, a calculation with it has none. What FILL makes of a metric without any is not documented: here
 * it stays without, so that no alarm leans on it.
 */
export type Series = readonly (number | undefined)[];

/** @throws Error for an expression, or an id, that is not known here. */
export function calculateSeries(
  expression: string,
  metrics: ReadonlyMap<string, Series>,
  length: number,
): Series {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|[<>=!]=|[-+*/()<>,]|\S/g) ?? [];
  let next = 0;
  const take = (expected?: string): string => {
    const token = tokens[next++] ?? '';
    if (expected !== undefined && token !== expected)
      throw new Error(`${expression}: ${expected} is missing`);
    return token;
  };
  const binary = (operators: readonly string[], operand: () => Series): Series => {
    let left = operand();
    while (operators.includes(tokens[next] ?? '')) {
      const operator = take();
      left = combine(operator, left, operand());
    }
    return left;
  };
  const comparison = (): Series => binary(['>', '<', '>=', '<=', '=='], () => binary(['+', '-'], product));
  const product = (): Series => binary(['*', '/'], primary);
  const primary = (): Series => {
    const token = take();
    if (token === '(') {
      const inner = comparison();
      take(')');
      return inner;
    }
    if (/^\d/.test(token)) return Array<number>(length).fill(Number(token));
    if (tokens[next] === '(') return call(token);
    const series = metrics.get(token);
    if (!series) throw new Error(`${expression}: ${token} is not known here`);
    return series;
  };
  const call = (name: string): Series => {
    const given: Series[] = [];
    do {
      take();
      given.push(comparison());
    } while (tokens[next] === ',');
    take(')');
    const [first = [], second = [], third = []] = given;
    if (name === 'FILL')
      return first.every((value) => value === undefined)
        ? first
        : first.map((value, n) => value ?? second[n]);
    if (name === 'IF')
      return first.map((value, n) => (value === undefined ? undefined : value !== 0 ? second[n] : third[n]));
    throw new Error(`${expression}: ${name} is not known here`);
  };
  const result = comparison();
  if (next < tokens.length) throw new Error(`${expression}: ${tokens[next]} is not known here`);
  return result;
}

function combine(operator: string, left: Series, right: Series): Series {
  return left.map((a, n) => {
    const b = right[n];
    if (a === undefined || b === undefined) return undefined;
    const result = { '+': a + b, '-': a - b, '*': a * b, '/': a / b }[operator];
    if (result !== undefined) return Number.isFinite(result) ? result : undefined;
    return Number({ '>': a > b, '<': a < b, '>=': a >= b, '<=': a <= b, '==': a === b }[operator]);
  });
}
