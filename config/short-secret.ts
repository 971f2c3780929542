/** Below this, whoever sees one signed request may find the secret by trying. */
const SHORT = 16;

/**
 * What to say of a secret that works but is short; undefined when it is long enough. Only a provider's own rule, in its
 * pack, refuses one for its length: what the provider accepts has to serve. Never quotes the secret.
 */
export function shortSecretWarning(secret: string): string | undefined {
  return secret.length < SHORT
    ? `It is shorter than ${SHORT} characters, so that it may be guessed: choose a longer one at the provider if you can.`
    : undefined;
}
