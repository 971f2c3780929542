/**
 * Saved queries for Logs Insights. Each is run in a test, over lines that the functions have written
 * (test/proof/deployed/deployed.test.ts).
 */
export interface SavedQuery {
  /** Under `Inlet/<stage>/` in the list of saved queries. */
  readonly name: string;
  readonly lines: readonly string[];
}

export const savedQueries: readonly SavedQuery[] = [
  {
    name: 'One event by id',
    lines: [
      'fields @timestamp, function, source, outcome, reason, ms, age, error',
      'filter id = "<id>" or batch = "<id>"',
      'sort @timestamp asc',
      'limit 1000',
    ],
  },
  {
    name: 'Rejections by reason and source',
    lines: [
      'filter outcome = "rejected"',
      'stats count(*) as requests by reason, source',
      'sort requests desc',
    ],
  },
  {
    name: 'Slowest acknowledgements',
    lines: [
      'fields @timestamp, source, id, outcome, status, bytes, ms',
      'filter function = "ingest" and outcome in ["accepted", "duplicate", "unavailable"]',
      'sort ms desc',
      'limit 50',
    ],
  },
  {
    name: 'Stale by source',
    lines: ['filter outcome = "stale"', 'stats count(*) as events by source', 'sort events desc'],
  },
  {
    name: 'Handler errors',
    lines: [
      'fields @timestamp, source, id, outcome, reason, ms, age',
      'filter outcome in ["failed", "dead"]',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
];

/** As Logs Insights takes it. */
export function queryString({ lines }: SavedQuery): string {
  return lines.join('\n| ');
}
