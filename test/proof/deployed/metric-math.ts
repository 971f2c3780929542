/**
 * The part of CloudWatch's metric math that alarms may use: numbers, metrics, `+ - * /`, `> >= < <=`, parentheses and
 * `IF(condition, then, else)` (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html).
 * Anything else is an error, `FILL` too: what it makes of a metric that was never given is not documented.
 */

/** Metric id → its value in a period; undefined when it has none. */
export type Values = Readonly<Record<string, number | undefined>>;

/**
 * The value of an expression in one period, or undefined when there is none: a metric of it has no data point, or it
 * divides by 0.
 * @throws Error for what is not known here.
 */
export function calculate(expression: string, values: Values): number | undefined {
  const tokens = expression.match(/\w+(?:\.\d+)?|[><]=?|\S/g) ?? [];
  const { value, rest } = comparison(tokens, values);
  if (rest.length > 0) throw new Error(`${expression}: ${rest[0]} is not known here`);
  return Number.isFinite(value) ? value : undefined;
}

interface Parsed {
  /** NaN where data is missing. */
  readonly value: number;
  readonly rest: readonly string[];
}
type Operators = Readonly<Record<string, (a: number, b: number) => number>>;
type Parse = (tokens: readonly string[], values: Values) => Parsed;

const comparison = binary(
  binary(
    binary(operand, {
      '*': (a, b) => a * b,
      '/': (a, b) => a / b,
    }),
    {
      '+': (a, b) => a + b,
      '-': (a, b) => a - b,
    },
  ),
  {
    '>': whether((a, b) => a > b),
    '>=': whether((a, b) => a >= b),
    '<': whether((a, b) => a < b),
    '<=': whether((a, b) => a <= b),
  },
);

/** 1 or 0, as in CloudWatch. */
function whether(holds: (a: number, b: number) => boolean) {
  return (a: number, b: number) => (Number.isNaN(a + b) ? Number.NaN : Number(holds(a, b)));
}

/** Operators of one rank, from left to right. */
function binary(inner: Parse, operators: Operators): Parse {
  return (tokens, values) => {
    let { value, rest } = inner(tokens, values);
    for (;;) {
      const operator = operators[rest[0] ?? ''];
      if (!operator) return { value, rest };
      const right = inner(rest.slice(1), values);
      value = operator(value, right.value);
      rest = right.rest;
    }
  };
}

function operand([first = 'an end', ...rest]: readonly string[], values: Values): Parsed {
  if (/^\d/.test(first)) return { value: Number(first), rest };
  if (first === '(') {
    const inner = comparison(rest, values);
    return { value: inner.value, rest: expected(')', inner.rest) };
  }
  if (first === 'IF') {
    const condition = comparison(expected('(', rest), values);
    const yes = comparison(expected(',', condition.rest), values);
    const no = comparison(expected(',', yes.rest), values);
    const chosen = condition.value ? yes.value : no.value;
    const value = Number.isNaN(condition.value) ? Number.NaN : chosen;
    return { value, rest: expected(')', no.rest) };
  }
  if (!(first in values)) throw new Error(`${first} is not known here`);
  return { value: values[first] ?? Number.NaN, rest };
}

function expected(token: string, [first, ...rest]: readonly string[]): readonly string[] {
  if (first !== token) throw new Error(`${first ?? 'an end'} is not known here in place of ${token}`);
  return rest;
}
