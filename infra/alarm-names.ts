/** What alarms are called, without a construct: the command line knows them, too. */

/** Those of every stage, each with a heading of its name in docs/runbook.md. */
export const ALARMS = [
  'DeadEvents',
  'DeadLetterQueue',
  'Quarantined',
  'InboxAge',
  'EventAge',
  'ServerErrors',
  'IngestLatency',
  'Rejections',
  'Throttles',
  'UnconfirmedClaims',
  'HandlerErrors',
  'StorageErrors',
  'FunctionErrors',
] as const;

/** Those and what a stage behind CloudFront has besides (infra/edge.ts). */
export type AlarmName = (typeof ALARMS)[number] | 'EdgeErrors' | 'FirewallBlocks';
