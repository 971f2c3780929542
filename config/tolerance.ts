/** Whether an entry outlives the time for which its request may be repeated. */

import type { InletConfig } from '../functions/config/config.ts';
import { retentionSeconds, Sources } from '../functions/config/sources.ts';
import { providers } from '../functions/providers/index.ts';

/**
 * A request whose signed time is still good when its entry has expired would be a new event. What is wrong, each with what
 * to write instead.
 * @param config that is right in all else.
 */
export function toleranceProblems(config: InletConfig): readonly string[] {
  const most = retentionSeconds(config, new Sources(config, providers));
  return Object.entries(config.sources).flatMap(([name, { options = {} }]) => {
    const { timestamp } = options;
    // The pack `hmac` has it in the rule of its time as well.
    const ofRule = (timestamp as { readonly toleranceSeconds?: unknown } | undefined)?.toleranceSeconds;
    return [
      { at: 'toleranceSeconds', seconds: options.toleranceSeconds },
      { at: 'timestamp.toleranceSeconds', seconds: ofRule },
    ]
      .filter(({ seconds }) => typeof seconds === 'number' && seconds > most)
      .map(
        ({ at }) =>
          `sources.${name}.options.${at}: write at most ${most}, the seconds for which an entry is kept (retentionDays): later the same request would be a new event.`,
      );
  });
}
