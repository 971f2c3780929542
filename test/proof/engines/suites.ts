/** What runs on every engine: what relies on conditions, numbers, keys and pages of DynamoDB. */
export const suites = [
  () => import('./rules.test.ts'),
  () => import('../../unit/store/gate/gate.test.ts'),
  () => import('../../unit/store/gate/ties.test.ts'),
  () => import('../../unit/store/gate/leases.test.ts'),
  () => import('../../unit/store/gate/forced.test.ts'),
  () => import('../../unit/store/gate/operator.test.ts'),
  () => import('../../unit/store/ledger/claim.test.ts'),
  () => import('../../unit/store/ledger/outcome.test.ts'),
  () => import('../../unit/store/ledger/lost.test.ts'),
  () => import('../../unit/store/ledger/redrive.test.ts'),
  () => import('../../unit/store/ledger/any-text.test.ts'),
  () => import('../../unit/api/list-events.test.ts'),
];
