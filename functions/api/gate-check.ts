import { type Item, textOf } from '../aws/dynamodb.ts';
import { rankOf } from '../core/decide.ts';
import { isNewer, NewerFormatError } from '../core/format.ts';
import { compareRevisions } from '../core/revisions.ts';
import { formatOf } from '../store/format.ts';
import { LIFTED } from '../store/gate/reset.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import { type Entry, newerEntry } from './entry.ts';
import type { ApiParts } from './parts.ts';
import { getItems, scanTable } from './scan.ts';
import type { Problem } from './types.ts';

/** Subjects beyond this many are not compared: the check must fit into the memory of a small function. */
const MAX_SUBJECTS = 200_000;

/** Violations looked at: enough to see what is wrong. */
const MAX_SUSPECTS = 100;

interface Expectation {
  readonly revision: string;
  readonly entry: Entry;
}

/** What each outcome says of the subject: it has the revision of the event at least. */
const CLAIMS: Readonly<Record<string, string>> = { applied: 'applied with', stale: 'labelled stale at' };

/**
 * Cross-checks the ledger against the subjects: whatever was applied, its subject is not behind it; and whatever was
 * called stale, its subject had moved on.
 */
export interface GateCheck {
  see(entry: Entry): void;
  /** Call when the ledger has been read: a subject read later is never older than the entry. */
  run(): Promise<Problem[]>;
}

export function createGateCheck(parts: ApiParts): GateCheck {
  const expected = new Map<string, Expectation>();
  return {
    see(entry) {
      const { revision, subject, source, state } = entry;
      if (!Object.hasOwn(CLAIMS, state) || revision === undefined || subject === undefined) return;
      if (newerEntry(entry)) return;
      // An event by itself, which 0.1.0 made its own subject, has nothing to fall behind.
      if (entry.place?.gate === 'entry' || subject === entry.id) return;
      const id = ledgerId(source, subject);
      const known = expected.get(id);
      if (known ? compareRevisions(known.revision, revision) < 0 : expected.size < MAX_SUBJECTS) {
        expected.set(id, { revision, entry });
      }
    },
    async run() {
      if (expected.size === 0) return [];
      const suspects = new Map(expected);
      await scanTable(
        parts,
        {
          TableName: parts.tables.subjects,
          ProjectionExpression: 'id, #revision, #lifted, #format',
          ExpressionAttributeNames: { '#revision': 'revision', '#lifted': LIFTED, '#format': 'format' },
        },
        (item) => {
          const id = textOf(item.id) ?? '';
          if (!isNewer(formatOf(item)) && reached(suspects.get(id), item)) suspects.delete(id);
        },
      );
      return confirmed(parts, new Map([...suspects].slice(0, MAX_SUSPECTS)));
    },
  };
}

/** Also when an operator has lifted the revision since: it was there. */
function reached(expectation: Expectation | undefined, item: Item | undefined): boolean {
  if (!expectation) return false;
  const event = { id: expectation.entry.id, revision: expectation.revision };
  const revisions = [textOf(item?.revision), textOf(item?.[LIFTED])];
  return revisions.some((revision) => revision !== undefined && rankOf({ revision }, event) !== 'newer');
}

/** A scan may show an old state of an item: before anything is reported it is read again, consistently. */
async function confirmed(parts: ApiParts, suspects: ReadonlyMap<string, Expectation>): Promise<Problem[]> {
  const items = await getItems(parts, parts.tables.subjects, [...suspects.keys()]);
  const problems: Problem[] = [];
  for (const [id, { revision, entry }] of suspects) {
    const item = items.get(id);
    if (item && isNewer(formatOf(item))) {
      const { message } = new NewerFormatError(`Its subject ${entry.subject}`, formatOf(item));
      problems.push({ source: entry.source, id: entry.id, problem: message });
      continue;
    }
    if (reached({ revision, entry }, item)) continue;
    const now = textOf(item?.revision);
    problems.push({
      source: entry.source,
      id: entry.id,
      problem: `${CLAIMS[entry.state]} revision ${revision}, but its subject ${entry.subject} ${
        now === undefined ? 'does not exist' : `stands at ${now}`
      }`,
    });
  }
  return problems;
}
