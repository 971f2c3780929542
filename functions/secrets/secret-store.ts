/** Gives the live secrets of a source, the current one first. */
export interface SecretStore {
  /** @throws UnavailableError when they cannot be had in time. */
  get(source: string, signal?: AbortSignal): Promise<readonly string[]>;
  /**
   * Looks again, because a signature did not match: a secret may have been changed a moment ago. Bounded, so that
   * forged requests cannot make it a call each.
   * @returns the secrets when they are others than before.
   */
  refresh?(source: string, signal?: AbortSignal): Promise<readonly string[] | undefined>;
  /**
   * Puts a key that a provider handed over in front of the source's secrets, if the operator has opened a
   * registration window for it; the window is closed first. Default: there are no windows.
   * @throws UnavailableError when it cannot be stored in time.
   */
  learn?(source: string, secret: string, signal?: AbortSignal): Promise<'learnt' | 'known' | 'closed'>;
}
