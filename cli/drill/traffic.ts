/** What the drill sends of every kind of webhook: samples, repeats, forged, unreadable, large and batched ones, a burst. */
import { describeDelivery } from '../../functions/facts/describe.ts';
import { schemeOf } from '../../functions/verification/verify.ts';
import { type Draft, drafts } from '../../local/samples.ts';
import type { Message, Sender, Speaker } from './sender.ts';
import { BURST, SAMPLES } from './traffic-sizes.ts';

/** The purpose of what is to be quarantined, and of what is left on the queue until SQS gives it up. */
export const UNREADABLE = 'unreadable';
export const LEFT_TO_DIE = 'left to die';

/** In base64 above what a message of the queue holds, and far below the 6 MB that Lambda takes: it goes through S3. */
const LARGE_BYTES = 1_500_000;

/** Different samples each time: `seed` from which they count on. */
export function samplesOf({ source }: Speaker, seed: number, count: number): readonly Draft[] {
  return drafts(source.provider, { count, repeat: 1, shuffle: false, seed });
}

/** One sample that nobody has sent yet. */
export function freshSample(speaker: Speaker, seed: number, purpose: string): Message {
  const [draft = EMPTY] = samplesOf(speaker, seed, 1);
  return { speaker, draft, purpose, expected: 'accepted' };
}

/** Undefined for a source whose requests prove nothing anyway. */
export function forged(speaker: Speaker): Message | undefined {
  const { provider, options } = speaker.source;
  if (schemeOf(provider, options).kind === 'unsigned') return undefined;
  return { speaker, draft: EMPTY, purpose: 'forged', expected: 'rejected' };
}

function describe({ source }: Speaker, draft: Draft) {
  return describeDelivery(source, { ...draft, receivedAt: Date.now() });
}

/** A genuine body that nobody can read; undefined for a source that reads everything. */
export function unreadable(speaker: Speaker, seed: number): Message | undefined {
  const [sample = EMPTY] = samplesOf(speaker, seed, 1);
  const draft = { ...sample, body: Buffer.from(`{ inlet drill ${seed}`) };
  const delivery = describe(speaker, draft);
  const isFit = delivery.kind === 'event' && delivery.facts.quarantine !== undefined;
  return isFit ? { speaker, draft, purpose: UNREADABLE, expected: 'accepted' } : undefined;
}

/**
 * Sends everything that the read API can be asked about afterwards, in the order of the sources.
 * @param mayRing whether an alarm may ring: what cannot be read is quarantined, which rings one.
 */
export async function sendTraffic(
  sender: Sender,
  speakers: readonly Speaker[],
  seed: number,
  mayRing: boolean,
): Promise<void> {
  for (const speaker of speakers) {
    const different = samplesOf(speaker, seed, SAMPLES);
    for (const draft of different)
      await sender.send({ speaker, draft, purpose: 'sample', expected: 'accepted' });
    const [draft = EMPTY] = different;
    await sender.send({ speaker, draft, purpose: 'repeat', expected: 'duplicate' });
    const lie = forged(speaker);
    if (lie) await sender.send(lie);
  }
  const large = firstOf(speakers, (speaker) => enlarged(speaker, seed + 1_000));
  if (large) await sender.send(large);
  const batch = firstOf(speakers, (speaker) => batched(speaker, seed + 2_000));
  if (batch) await sender.send(batch);
  const broken = mayRing && firstOf(speakers, (speaker) => unreadable(speaker, seed));
  if (broken) await sender.send(broken);
  const [speaker] = speakers;
  if (!speaker) return;
  const burst = Array.from({ length: BURST }, (_, n) => freshSample(speaker, seed + 3_000 + n, 'burst'));
  await Promise.all(burst.map((message) => sender.send(message)));
}

const EMPTY: Draft = {
  type: '',
  subpath: '',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{}'),
};

/** A sample with a field of no meaning; undefined where a body takes none. */
function enlarged(speaker: Speaker, seed: number): Message | undefined {
  const [sample = EMPTY] = samplesOf(speaker, seed, 1);
  const text = sample.body.toString();
  const filling = 'x'.repeat(LARGE_BYTES);
  const body = text.endsWith('}')
    ? `${text.slice(0, -1)},"inletDrill":"${filling}"}`
    : `${text}&inletDrill=${filling}`;
  const draft = { ...sample, body: Buffer.from(body) };
  const delivery = describe(speaker, draft);
  const isFit = delivery.kind === 'event' && delivery.facts.quarantine === undefined;
  return isFit ? { speaker, draft, purpose: 'large', expected: 'accepted' } : undefined;
}

/** Two events in one body, where the provider does that by sending an array. */
function batched(speaker: Speaker, seed: number): Message | undefined {
  const [one = EMPTY] = samplesOf(speaker, seed, 1);
  const [other = EMPTY] = samplesOf(speaker, seed + 1, 1);
  const draft = { ...one, body: Buffer.from(`[${one.body},${other.body}]`) };
  const delivery = describe(speaker, draft);
  const isFit = delivery.kind === 'batch' && delivery.items.length === 2;
  return isFit ? { speaker, draft, purpose: 'batch', expected: 'accepted' } : undefined;
}

export function firstOf<Value>(
  speakers: readonly Speaker[],
  make: (speaker: Speaker) => Value | undefined,
): Value | undefined {
  for (const speaker of speakers) {
    const made = make(speaker);
    if (made !== undefined) return made;
  }
  return undefined;
}
