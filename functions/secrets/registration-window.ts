/**
 * Keys that a provider hands over in a handshake (Asana, Notion) arrive unsigned, from whoever calls. They are
 * taken only while the operator has opened a window for the source, and a window takes one key: if somebody else
 * was quicker, the provider's own handshake is refused, and the operator sees it.
 */
import { equalText } from '../verification/compare.ts';

/** The window as it was when somebody looked. */
export interface RegistrationWindow {
  /** Epoch milliseconds; NaN when it is closed. */
  readonly end: number;
  /** Closes it. False when it is not the same any more: somebody else has closed it, or opened another. */
  take(): Promise<boolean>;
}

/** What a source has, as of some seconds ago at most. */
export interface SeenSecrets {
  readonly secrets: readonly string[];
  readonly window: RegistrationWindow | undefined;
}

/** Where the secrets and the window of one source live. */
export interface SecretShelf {
  look(): Promise<SeenSecrets>;
  /** As of now. */
  secrets(): Promise<readonly string[]>;
  store(secrets: readonly string[]): Promise<void>;
}

/** A window whose end lies further away is taken for a mistake, and so for none. */
export const LONGEST_WINDOW_MS = 24 * 3_600_000;

/** Live secrets of one source: some providers hand one over for each of several webhooks on the same URL. */
const MAX_SECRETS = 10;

/** What a standard parameter of SSM takes. */
const MAX_BYTES = 4_096;

/** Stores a key in front of the others if the window is open. `now` in epoch milliseconds. */
export async function learnThroughWindow(
  shelf: SecretShelf,
  secret: string,
  now: number,
): Promise<'learnt' | 'known' | 'closed'> {
  const { secrets, window } = await shelf.look();
  // A handshake that the provider repeats, because our first answer got lost, is answered again.
  if (secrets.some((known) => equalText(known, secret))) return 'known';
  if (!window || !(now < window.end && window.end <= now + LONGEST_WINDOW_MS)) return 'closed';
  // First closed, then used: a crash in between loses the key, never the limit.
  if (!(await window.take())) return 'closed';
  const others = await shelf.secrets();
  await shelf.store(newest([secret, ...others]));
  return 'learnt';
}

/** As many as are kept: those at the end are the oldest. */
function newest(secrets: readonly string[]): readonly string[] {
  const kept = secrets.slice(0, MAX_SECRETS);
  while (kept.length > 1 && Buffer.byteLength(JSON.stringify(kept)) > MAX_BYTES) kept.pop();
  return kept;
}
