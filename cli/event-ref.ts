import type { EventDetail } from '../functions/api/types.ts';
import type { Backend } from './backend.ts';
import { CliError } from './cli-error.ts';

/**
 * Finds the event that a person means: `<source>/<id>` as the header inlet-delivery has it, `<source> <id>`, or the
 * id alone, which is looked for in every source.
 * @throws CliError with exit code 1 when there is none, 2 when it is not clear which.
 */
export async function findEvent(backend: Backend, words: readonly string[]): Promise<EventDetail> {
  const [first = '', second] = words;
  if (second !== undefined) return backend.event(first, second);
  const names = (await backend.sources()).map(({ source }) => source);
  const named = names.find((name) => first.startsWith(`${name}/`));
  if (named !== undefined) return eventOf(backend, named, first.slice(named.length + 1));
  const found = (await Promise.all(names.map((name) => orNone(eventOf(backend, name, first))))).filter(
    (event) => event !== undefined,
  );
  const [event = await ofRemovedSource(backend, first), another] = found;
  if (!event) {
    throw new CliError(`There is no event ${first} in any source (${names.join(', ')}).`, 1);
  }
  if (another) {
    const references = found.map(({ source, id }) => `${source}/${id}`).join(', ');
    throw new CliError(`There are several: write one of ${references}.`);
  }
  return event;
}

/** A source that the configuration has lost may still have events; only the name before the slash tells it. */
async function ofRemovedSource(backend: Backend, reference: string): Promise<EventDetail | undefined> {
  const slash = reference.indexOf('/');
  return slash < 1
    ? undefined
    : orNone(eventOf(backend, reference.slice(0, slash), reference.slice(slash + 1)));
}

/** The id as it is written; and decoded, because headers and links carry it percent-encoded. */
async function eventOf(backend: Backend, source: string, id: string): Promise<EventDetail> {
  const decoded = decode(id);
  if (decoded === id) return backend.event(source, id);
  return (await orNone(backend.event(source, id))) ?? backend.event(source, decoded);
}

async function orNone(event: Promise<EventDetail>): Promise<EventDetail | undefined> {
  try {
    return await event;
  } catch (error) {
    if (error instanceof CliError && error.exitCode === 1) return undefined;
    throw error;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
