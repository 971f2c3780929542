/** The lines that the stage has written during the drill. */
import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { DrillStage, Part } from './stage.ts';

export type Line = Readonly<Record<string, unknown>>;

export interface Lines {
  readonly groups: Readonly<Record<Part | 'gateway', readonly Line[]>>;
  /** What is no JSON, by group: metric filters and queries do not see it. */
  readonly unreadable: readonly { readonly group: Part | 'gateway'; readonly text: string }[];
  /** As CloudWatch bills them, without what it adds to each. */
  readonly bytes: number;
}

/** Whole minutes, epoch milliseconds: what metrics and log lines are compared over. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export async function readLines(
  { logs, logGroups }: Pick<DrillStage, 'logs' | 'logGroups'>,
  { from, to }: Window,
): Promise<Lines> {
  const groups: Record<Part | 'gateway', Line[]> = {
    ingest: [],
    worker: [],
    'dead-letters': [],
    gateway: [],
  };
  const unreadable: { group: Part | 'gateway'; text: string }[] = [];
  let bytes = 0;
  for (const group of Object.keys(groups) as (Part | 'gateway')[]) {
    const pages = paginateFilterLogEvents(
      { client: logs },
      // The end belongs to it.
      { logGroupName: logGroups[group], startTime: from, endTime: to - 1 },
    );
    for await (const { events = [] } of pages)
      for (const { message = '' } of events) {
        bytes += Buffer.byteLength(message);
        const line = parse(message);
        if (line) groups[group].push(line);
        else unreadable.push({ group, text: message.slice(0, 200) });
      }
  }
  return { groups, unreadable, bytes };
}

function parse(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}
