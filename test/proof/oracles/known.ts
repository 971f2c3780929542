/** Differences that several SDKs have in common. Each is as narrow as it can be, and says why the pack is right. */
import type { AlterationKind } from './alter.ts';
import type { Judged, KnownDifference } from './harness.ts';

const ALTERED =
  'the provider sends it in one way: this one was altered on the way, and nothing is lost by a refusal';

/** The SDK takes what the pack refuses, after one of these alterations. */
const takes =
  (...kinds: readonly AlterationKind[]) =>
  ({ altered, sdk, pack }: Judged) =>
    sdk && !pack.ok && altered !== undefined && kinds.includes(altered.kind);

/** Signed for later than the pack allows; the SDK looks into the past only. */
export const futureUnchecked = (seconds: number): KnownDifference => ({
  what: 'time in the future, which the SDK does not check',
  because: 'a signature for later would hold for as long: the window is there to bound that, on both sides',
  is: ({ offset, sdk, pack }) => sdk && !pack.ok && pack.reason === 'timestamp-future' && offset > seconds,
});

export const timeUnchecked: KnownDifference = {
  what: 'time outside the window, which the SDK does not check',
  because: 'without a window, whoever has seen a request can send it again for ever',
  is: ({ sdk, pack }) => sdk && !pack.ok && /^timestamp-(stale|future)$/.test(pack.reason),
};

/** The SDK compares texts. */
export const strictCase: KnownDifference = {
  what: 'hex in capitals, which the SDK does not take',
  because: 'hex has no case (RFC 4648, section 8): the bytes are the same',
  is: ({ altered, sdk, pack }) => !sdk && pack.ok && altered?.kind === 'spelling',
};

/** `Buffer.from(…, 'base64')` stops at what it does not know, takes both alphabets, and drops bits. */
export const looseBase64: KnownDifference = {
  what: 'base64 that is not canonical, which the SDK takes',
  because: `${ALTERED} (RFC 4648, section 3.5)`,
  is: takes('spelling', 'header character', 'header end', 'header doubled'),
};

/** `Buffer.from(…, 'hex')` stops at what it does not know. */
export const looseHex: KnownDifference = {
  what: 'something behind the hex, which the SDK drops',
  because: ALTERED,
  is: takes('header end'),
};

/** `parseInt` reads `1700000000x`, and the number that it gives is what the SDK signs. */
export const looseTime = (header: string): KnownDifference => ({
  what: 'something behind the time, which the SDK drops',
  because: 'the time is signed as it was sent: this one is not what was signed',
  is: (judged) => takes('header end')(judged) && judged.altered?.header === header,
});

/** `split` takes the part between two separators, and ignores the rest. */
export const looseEnd = (header: string): KnownDifference => ({
  what: 'something behind the signature, which the SDK drops',
  because: ALTERED,
  is: (judged) => takes('header end', 'header doubled')(judged) && judged.altered?.header === header,
});
