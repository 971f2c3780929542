/** Names that give away a credential, whatever the provider. */
const CREDENTIAL = /auth|cookie|token|secret|password|passwd|signature|hmac|api-?key|credential|session/;

/** Ids and times that such names contain, and that are worth keeping. */
const HARMLESS = /-(id|timestamp|version|algorithm)$/;

/**
 * The headers that travel with an event: those that carry a credential or a signature are left out, so that
 * nothing stored can be used to speak in the provider's name.
 */
export function storedHeaders(
  headers: Readonly<Record<string, string>>,
  credentials: readonly string[],
): Readonly<Record<string, string>> {
  const kept = Object.entries(headers).filter(
    ([name]) => !credentials.includes(name) && (!CREDENTIAL.test(name) || HARMLESS.test(name)),
  );
  return Object.fromEntries(kept);
}
