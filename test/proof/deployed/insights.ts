/**
 * Runs a query of Logs Insights over captured lines: the commands and functions that Inlet's saved queries use, no
 * more (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html). Anything else is an error.
 */
export type Row = Readonly<Record<string, unknown>>;

/** @throws Error for a command, an operator or a field that is not known; of fields, one that no line has. */
export function runQuery(lines: readonly string[], log: readonly Row[]): readonly Row[] {
  const known = new Set(['@timestamp', ...log.flatMap((row) => Object.keys(row))]);
  let rows: readonly Row[] = log.map((row) => ({ '@timestamp': row.timestamp, ...row }));
  for (const line of lines) {
    const [, command = '', rest = ''] = /^(\w+)\s+(.*)$/s.exec(line) ?? [];
    const use = (name: string): string => {
      if (!known.has(name)) throw new Error(`${line}: no line has the field ${name}`);
      return name;
    };
    if (command === 'fields') {
      for (const name of rest.split(',')) use(name.trim());
    } else if (command === 'filter') {
      const condition = parseCondition(rest, use);
      rows = rows.filter(condition);
    } else if (command === 'stats') {
      rows = stats(rows, rest, use, known);
    } else if (command === 'sort') {
      const [, name = '', order] = /^(\S+)\s+(asc|desc)$/.exec(rest) ?? [];
      use(name);
      rows = rows.toSorted((a, b) => compare(a[name], b[name]) * (order === 'asc' ? 1 : -1));
    } else if (command === 'limit') {
      rows = rows.slice(0, Number(rest));
    } else throw new Error(`${command} is not known here`);
  }
  return rows;
}

type Condition = (row: Row) => boolean;

/** `a = "x" and b in ["y", "z"] or …`: `and` binds closer. */
function parseCondition(text: string, use: (name: string) => string): Condition {
  const either = text
    .split(/\s+or\s+/)
    .map((part) => part.split(/\s+and\s+/).map((term) => parseTerm(term, use)));
  return (row) => either.some((all) => all.every((term) => term(row)));
}

function parseTerm(term: string, use: (name: string) => string): Condition {
  const [, name = '', operator, value = ''] = /^([\w@.]+)\s+(=|in)\s+(.+)$/.exec(term) ?? [];
  if (!operator) throw new Error(`${term}: not known here`);
  use(name);
  const wanted = operator === '=' ? [JSON.parse(value) as unknown] : (JSON.parse(value) as unknown[]);
  return (row) => wanted.includes(row[name]);
}

/** `count(*) as n by a, b` */
function stats(
  rows: readonly Row[],
  text: string,
  use: (name: string) => string,
  known: Set<string>,
): readonly Row[] {
  const [, label = '', by = ''] = /^count\(\*\) as (\w+) by (.+)$/.exec(text) ?? [];
  if (!label) throw new Error(`stats ${text}: not known here`);
  const names = by.split(',').map((name) => use(name.trim()));
  known.add(label);
  const groups = Map.groupBy(rows, (row) => JSON.stringify(names.map((name) => row[name])));
  return [...groups.values()].map((group) => ({
    ...Object.fromEntries(names.map((name) => [name, group[0]?.[name]])),
    [label]: group.length,
  }));
}

function compare(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}
