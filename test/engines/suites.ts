/** What runs on every engine: what relies on conditions, numbers, keys and pages of DynamoDB. */
export const suites = [
  () => import('./rules.test.ts'),
  () => import('../gate/gate.test.ts'),
  () => import('../ledger/ledger.test.ts'),
  () => import('../ledger/any-text.test.ts'),
  () => import('../api/list-events.test.ts'),
];
