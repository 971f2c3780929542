/**
 * Keys that a provider hands over in a handshake (Asana, Notion) arrive unsigned, from whoever calls. They are
 * taken only while the operator has opened a window for the source, and a window takes one key: if somebody else
 * was quicker, the provider's own handshake is refused, and the operator sees it.
 */
import { equalText } from '../verification/compare.ts';

/** Where the secrets and the window of one source live. */
export interface SecretShelf {
  secrets(): Promise<readonly string[]>;
  /** Epoch milliseconds of the window's end; undefined when there is none. */
  windowEnd(): Promise<number | undefined>;
  closeWindow(): Promise<void>;
  store(secrets: readonly string[]): Promise<void>;
}

/** A window whose end lies further away is taken for a mistake, and so for none. */
export const LONGEST_WINDOW_MS = 24 * 3_600_000;

/** Live secrets of one source: some providers hand one over for each of several webhooks on the same URL. */
const MAX_SECRETS = 10;

/** Stores a key in front of the others if the window is open. `now` in epoch milliseconds. */
export async function learnThroughWindow(
  shelf: SecretShelf,
  secret: string,
  now: number,
): Promise<'learnt' | 'known' | 'closed'> {
  const secrets = await shelf.secrets();
  // A handshake that the provider repeats, because our first answer got lost, is answered again.
  if (secrets.some((known) => equalText(known, secret))) return 'known';
  const end = await shelf.windowEnd();
  if (end === undefined || !(now < end && end <= now + LONGEST_WINDOW_MS)) return 'closed';
  // First closed, then used: a crash in between loses the key, never the limit.
  await shelf.closeWindow();
  await shelf.store([secret, ...secrets].slice(0, MAX_SECRETS));
  return 'learnt';
}
