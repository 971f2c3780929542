/**
 * Versions of what is stored, so that functions of two releases can share tables and queues while one takes the
 * other's place (docs/upgrade.md, docs/decisions/0031-stored-format.md).
 *
 * | format | written by | a queue message says | an item says | what it means |
 * |---|---|---|---|---|
 * | 1 | 0.1.0 | `version: 1` | nothing | – |
 * | 2 | this release | `version: 2` | `format: 2` | as 1, with the mark by which what comes later can be told apart; and events may pass by their own entries, which 0.1.0 does not ask |
 *
 * A reader takes `FORMAT` and the one before. What is newer it refuses without changing it: the message goes back to the
 * queue, an update of an entry or a subject fails. A writer writes the format that the configuration tells
 * (`storedFormat`).
 *
 * Three writes do not ask for the format, because nothing is lost by them today: an archived envelope takes the place of
 * another one of the same event, a claim that of an entry whose time is over, and an effect that is there counts as done,
 * whoever has written it. And a handler runs once its subject lets it, before its entry is asked: a format that lets
 * something else than the subject decide that has to make the release before it ask first.
 *
 * Whoever changes what an item or a message means makes the next format: raise `FORMAT`, replace the lower `Format`, add
 * a row above, read both where the shape differs and write the one that is told, and keep the release before in
 * `test/proof/upgrade`. Messages and whatever expires can be dropped two formats later. Subjects and effects never expire:
 * their oldest form has to stay readable, or be rewritten first.
 */
import { InletError } from './errors.ts';

/** What a writer may be told to write: this release's format, or the one before. */
export type Format = 1 | 2;

/** This release's format. */
export const FORMAT: Format = 2;

/** A newer release wrote it: nothing may be concluded from it. */
export class NewerFormatError extends InletError {
  readonly format: number;
  /** @param what begins the sentence. */
  constructor(what: string, format: number) {
    super(
      'newer-format',
      `${what} was written in format ${format} by a newer release of Inlet, and this one reads ${FORMAT} and ${FORMAT - 1}: deploy the newer release everywhere (docs/upgrade.md).`,
    );
    this.format = format;
  }
}

/** @throws NewerFormatError */
export function requireReadable(format: number, what: string): void {
  if (isNewer(format)) throw new NewerFormatError(what, format);
}

/** What to do about a newer release's message or item, for a log line: its text quotes nothing. Undefined for other errors. */
export function reasonOfNewer(error: unknown): string | undefined {
  return error instanceof NewerFormatError ? error.message : undefined;
}

export function isNewer(format: number): boolean {
  return format > FORMAT;
}
