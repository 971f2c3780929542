/**
 * Order of the events of one e-mail where the provider gives whole seconds only: within a second, what must have
 * happened later counts as newer. Two of a kind in one second tie.
 */
const stages: Readonly<Record<string, number>> = {
  processed: 0,
  send: 0,
  deferred: 1,
  deferral: 1,
  dropped: 2,
  reject: 2,
  bounce: 2,
  soft_bounce: 2,
  hard_bounce: 2,
  delivered: 3,
  open: 4,
  click: 5,
  unsubscribe: 6,
  unsub: 6,
  group_unsubscribe: 6,
  group_resubscribe: 7,
  spamreport: 8,
  spam: 8,
};

/** Tenths of a second since 1970, the last digit being the stage; undefined without a time or for another kind. */
export function mailRevision(seconds: unknown, kind: unknown): string | undefined {
  if (typeof seconds !== 'number' || !Number.isSafeInteger(seconds) || typeof kind !== 'string')
    return undefined;
  const stage = Object.hasOwn(stages, kind) ? stages[kind] : undefined;
  return stage === undefined ? undefined : `${seconds}${stage}`;
}
