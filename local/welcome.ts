import type { LocalInlet } from './stack.ts';

/** Longer secrets are key pairs; they are of no use on a screen. */
const LONGEST_SHOWN = 200;

/**
 * What the server prints before it is ready: each source's URL, its development secret and a command that sends
 * a signed sample. A secret that was given is never printed, nor is a token that was given.
 */
export function welcome(inlet: LocalInlet, tokenWasGiven: boolean): string {
  const sources = Object.keys(inlet.setup.config.sources).map((source) => describeSource(inlet, source));
  // In the fragment, which no browser sends anywhere: not to the server, not into a referrer, not into a log.
  const link = tokenWasGiven
    ? [`console: ${inlet.url}/console`]
    : [
        `token of the read API and console: ${inlet.token}`,
        `console: ${inlet.url}/console#token=${inlet.token}`,
      ];
  return [...sources, link.join('\n')].join('\n\n');
}

function describeSource({ url, developmentSecrets }: LocalInlet, source: string): string {
  const webhook = `${url}/webhooks/${source}`;
  const secret = developmentSecrets[source];
  const shown = secret === undefined || secret.length > LONGEST_SHOWN ? [] : [`development secret ${secret}`];
  return [`${source}: ${webhook}`, ...shown, `npm run -s inlet -- send ${source} --url ${webhook}`].join(
    '\n',
  );
}
