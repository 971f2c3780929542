import { GIVEN_UP } from '../functions/core/states.ts';
import { printable } from './output.ts';
import { green, red } from './table.ts';

/**
 * A filter of CloudWatch Logs for JSON lines
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html). An item of a batch knows its
 * `batch`.
 */
export function tailFilter({ source, state, id }: { source?: string; state?: string; id?: string }): string {
  const equals = (name: string, value: string) => `($.${name} = ${JSON.stringify(value)})`;
  const terms = [
    ...(source === undefined ? [] : [equals('source', source)]),
    ...(state === undefined ? [] : [equals('outcome', state)]),
    ...(id === undefined ? [] : [`(${['id', 'batch'].map((name) => equals(name, id)).join(' || ')})`]),
  ];
  return terms.length > 0 ? `{ ${terms.join(' && ')} }` : '';
}

const BAD = ['rejected', 'unavailable', 'failed', 'error', ...GIVEN_UP];
/** What has a place of its own in a line, or says nothing to a person. */
const SHOWN = ['timestamp', 'level', 'function', 'source', 'outcome', 'id', 'ms', 'requestId'];

/** One line for a person: time, function, source, outcome, id, time taken, and what else it says. */
export function tailLine(message: string, colours: boolean): string {
  let line: Record<string, unknown>;
  try {
    line = JSON.parse(message) as Record<string, unknown>;
  } catch {
    // The runtime's own: a crash, a time-out.
    return printable(message.trimEnd());
  }
  const text = (name: string) => String(line[name] ?? '');
  const outcome = text('outcome') || text('message') || text('event');
  const padded = outcome.padEnd(12);
  const rest = Object.entries(line)
    .filter(([name, value]) => !SHOWN.includes(name) && value !== outcome)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  return [
    printable(text('timestamp').slice(11, 23).padEnd(12)),
    printable(text('function').padEnd(12)),
    printable(text('source').padEnd(12)),
    colours ? (BAD.includes(outcome) ? red : green)(printable(padded)) : printable(padded),
    printable(
      [text('id'), line.ms === undefined ? '' : `${text('ms')} ms`, ...rest].filter(Boolean).join('  '),
    ),
  ]
    .join(' ')
    .trimEnd();
}
