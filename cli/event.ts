import type { EventDetail } from '../functions/api/types.ts';
import type { Backend } from './backend.ts';
import { findEvent } from './event-ref.ts';
import { type Output, prettyJson, printable, printDocument } from './output.ts';
import { bold } from './table.ts';

/** `inlet event`: one event with headers, payload and history. */
export async function showEvent(output: Output, backend: Backend, words: readonly string[]): Promise<void> {
  const event = await findEvent(backend, words);
  printDocument(output, event, () => printEvent(output, event));
}

function heading(output: Output, text: string): void {
  output.line('');
  output.line(bold(text));
}

function printEvent(output: Output, event: EventDetail): void {
  const { headers, payload, history, effects, repeats, deliveries, ...rest } = event;
  // A stage of an older release does not say them.
  const { failures = { count: 0, kept: [] }, ...facts } = rest;
  const again = repeats > 0 ? { repeats, deliveries: deliveries.join(' ') } : {};
  for (const [name, value] of Object.entries({ ...facts, ...again })) {
    if (value !== null) output.line(`${name.padEnd(10)}  ${printable(String(value))}`);
  }
  heading(output, 'history');
  for (const { at, state, reason } of history) {
    output.line(printable(`${at}  ${state}${reason ? `  ${reason}` : ''}`));
  }
  if (failures.count > 0) {
    heading(
      output,
      `failed attempts: ${failures.count}${failures.kept.length < failures.count ? `, ${failures.kept.length} of them kept` : ''}`,
    );
    for (const { at, ms, name, message, stack } of failures.kept) {
      output.line(printable(`${at}  after ${ms} ms  ${name}${message === null ? '' : `: ${message}`}`));
      for (const line of stack?.split('\n') ?? []) output.line(printable(line));
    }
  }
  if (effects.length > 0) {
    heading(output, 'effects');
    output.line(prettyJson(effects));
  }
  if (headers === null) {
    output.line('\nHeaders and payload are not archived (any more).');
    return;
  }
  heading(output, 'headers');
  for (const [name, value] of Object.entries(headers)) output.line(printable(`${name}: ${value}`));
  heading(output, 'payload');
  output.line(typeof payload === 'string' ? printable(payload) : prettyJson(payload));
}
