/** What runs on every engine: what relies on conditions, numbers, keys and pages of DynamoDB. */
export const suites = [
  () => import('./rules.test.ts'),
  () => import('../../unit/store/gate/gate.test.ts'),
  () => import('../../unit/store/ledger/ledger.test.ts'),
  () => import('../../unit/store/ledger/any-text.test.ts'),
  () => import('../../unit/api/list-events.test.ts'),
];
