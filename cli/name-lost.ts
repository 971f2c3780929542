/** Which entries are gone: ids that ingest's lines say were accepted, and that the ledger does not have. */
import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { HOUR } from '../functions/api/kept.ts';
import type { ApiParts } from '../functions/api/parts.ts';
import { getItems } from '../functions/api/scan.ts';
import type { EventId } from '../functions/api/types.ts';
import { ledgerId } from '../functions/store/ledger/entry.ts';
import type { HourDifference } from './compare-counted.ts';

/** So many hours and ids are enough to see what is wrong. */
const MAX_HOURS = 10;
const MAX_IDS = 100;
/** Ids of one hour that are looked for. */
const MAX_ACCEPTED = 100_000;

/** @param logGroupName of ingest. Its lines are kept for a shorter time than entries may be: then there are none. */
export async function nameLost(
  logs: CloudWatchLogsClient,
  logGroupName: string,
  parts: Pick<ApiParts, 'dynamodb' | 'tables'>,
  hours: readonly HourDifference[],
): Promise<readonly EventId[]> {
  const gone: EventId[] = [];
  for (const { source, hour } of hours.slice(0, MAX_HOURS)) {
    const ids = [...(await acceptedIn(logs, logGroupName, source, Date.parse(hour)))];
    const keys = ids.map((id) => ledgerId(source, id));
    const kept = await getItems(parts, parts.tables.ledger, keys, ['state']);
    gone.push(...ids.filter((id) => !kept.has(ledgerId(source, id))).map((id) => ({ source, id })));
  }
  return gone.slice(0, MAX_IDS);
}

async function acceptedIn(
  client: CloudWatchLogsClient,
  logGroupName: string,
  source: string,
  startTime: number,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const pages = paginateFilterLogEvents(
    { client },
    {
      logGroupName,
      startTime,
      // Which belongs to it.
      endTime: startTime + HOUR - 1,
      filterPattern: `{ ($.source = "${source}") && ($.outcome = "accepted") }`,
    },
  );
  for await (const { events = [] } of pages) {
    for (const { message = '' } of events) {
      const line = parse(message);
      const isAccepted = line?.source === source && line.outcome === 'accepted';
      if (isAccepted && typeof line.id === 'string') ids.add(line.id);
    }
    if (ids.size >= MAX_ACCEPTED) break;
  }
  return ids;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
