/**
 * Runs the metric filters of a template over the lines of their log groups. Of the syntax
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html) it knows what
 * Inlet's filters use: `{ $.a = "text" }`, where `*` stands for anything, `$.a >= 0`, `(…) && (…)`, and `(…) || (…)`.
 * Anything else is an error.
 */
import type { StackTemplate } from '../../helpers/template.ts';
import type { Row } from './insights.ts';
import { matches } from './policy.ts';

/** Dimension → value. */
export type Dimensions = Readonly<Record<string, string>>;

/** What a filter adds to a metric for one line. */
export interface DataPoint {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  readonly value: number;
}

/** `{ $.outcome = "*" && … }`. @throws Error for a pattern that is not known here. */
export function parsePattern(pattern: string): (line: Row) => boolean {
  const [, inner] = /^\{ (.+) \}$/.exec(pattern) ?? [];
  if (inner === undefined) throw new Error(`${pattern} is no pattern for JSON that is known here`);
  const either = inner.includes(' || ');
  const operator = either ? ' || ' : ' && ';
  const terms = inner.includes(operator) ? inner.split(operator).map(unbracketed) : [inner];
  const conditions = terms.map(parseTerm);
  return (line) =>
    either ? conditions.some((holds) => holds(line)) : conditions.every((holds) => holds(line));
}

function unbracketed(term: string): string {
  const [, inner] = /^\((.+)\)$/.exec(term) ?? [];
  if (inner === undefined) throw new Error(`${term} without parentheses is not known here`);
  return inner;
}

function parseTerm(term: string): (line: Row) => boolean {
  // No `?`: that is a wildcard in IAM only.
  const [, name = '', text, number] = /^\$\.(\w+) (?:= "([^"?]+)"|>= (\d+))$/.exec(term) ?? [];
  if (name === '') throw new Error(`${term} is not known here`);
  return ({ [name]: value }) =>
    text === undefined
      ? typeof value === 'number' && value >= Number(number)
      : typeof value === 'string' && matches(text, value);
}

interface Transformation {
  readonly MetricNamespace: string;
  readonly MetricName: string;
  readonly MetricValue: string;
  /** What is given when there are lines, and none matches. */
  readonly DefaultValue?: number;
  readonly Dimensions?: readonly { readonly Key: string; readonly Value: string }[];
}

/**
 * The data points of all filters, in no order.
 * @param logs lines by log group, of one minute.
 * @throws Error for a filter that lets a line through without a field that it takes: CloudWatch would be left to
 * guess. Likewise for one with a default beside dimensions, which it refuses.
 */
export function dataPoints(
  template: StackTemplate,
  logs: Readonly<Record<string, readonly string[]>>,
): readonly DataPoint[] {
  const rows = Object.fromEntries(
    Object.entries(logs).map(([group, lines]) => [group, lines.flatMap(rowsOf)]),
  );
  return template.ofType('AWS::Logs::MetricFilter').flatMap(([, { Properties }]) => {
    const isMatch = parsePattern(String(Properties.FilterPattern));
    const { Ref: group = '' } = Properties.LogGroupName as { Ref?: string };
    const matching = rows[group]?.filter(isMatch);
    if (!matching) throw new Error(`nobody writes to ${group}`);
    const transformations = Properties.MetricTransformations as readonly Transformation[];
    return transformations.flatMap((transformation) => [
      ...matching.map((row) => measure(transformation, row)),
      ...(matching.length === 0 && rows[group]?.length ? byDefault(transformation) : []),
    ]);
  });
}

/** A pattern for JSON matches no line that is none. */
function rowsOf(line: string): Row[] {
  try {
    return [JSON.parse(line) as Row];
  } catch {
    return [];
  }
}

function byDefault({ MetricNamespace, MetricName, DefaultValue, Dimensions }: Transformation): DataPoint[] {
  if (DefaultValue === undefined) return [];
  if (Dimensions) throw new Error(`${MetricName}: a metric with dimensions has no default`);
  return [{ namespace: MetricNamespace, name: MetricName, dimensions: {}, value: DefaultValue }];
}

function measure(
  { MetricNamespace, MetricName, MetricValue, Dimensions = [] }: Transformation,
  row: Row,
): DataPoint {
  const taken = (value: string): unknown => (value.startsWith('$.') ? row[value.slice(2)] : value);
  const value = Number(taken(MetricValue));
  const dimensions = Dimensions.map(({ Key, Value }) => [Key, taken(Value)] as const);
  const missing = dimensions.find(([, value]) => typeof value !== 'string');
  if (missing || Number.isNaN(value))
    throw new Error(`${MetricName}: a line matches that has no ${missing?.[0] ?? MetricValue}`);
  return {
    namespace: MetricNamespace,
    name: MetricName,
    dimensions: Object.fromEntries(dimensions) as Dimensions,
    value,
  };
}
