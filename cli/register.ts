import { loadConfig } from '../config/load.ts';
import type { InletConfig } from '../functions/config/config.ts';
import type { Provider } from '../functions/pack/provider.ts';
import { providers } from '../functions/providers/index.ts';
import { CliError } from './cli-error.ts';
import { type Output, printDocument } from './output.ts';
import { openWindow, receivedSecret } from './register-window.ts';
import { findTarget, type TargetOptions } from './target.ts';

export interface RegisterOptions extends TargetOptions {
  /** `10m`: lets the provider hand its key over for that long. */
  readonly open?: string | undefined;
  /** Shows the key that was handed over last. */
  readonly received?: boolean | undefined;
}

/** What `inlet register` says. */
interface Registration {
  readonly source: string;
  readonly provider: string;
  readonly url: string;
  readonly steps: readonly string[];
  /** What the secret has to be; never its value. */
  readonly secret: string;
  /** Samples' types: the provider's documentation lists all. */
  readonly types: readonly string[];
  readonly answer: number;
  readonly retries: string;
  readonly timeoutSeconds: number | null;
  readonly documentation: readonly string[];
  /** Epoch milliseconds until which the window stays open. */
  readonly openUntil?: number;
}

/**
 * `inlet register <source>`: what to enter at the provider, and the window for keys that it hands over.
 * @throws CliError when there is no such source, or nothing to open.
 */
export async function register(output: Output, source: string, options: RegisterOptions): Promise<void> {
  const config = await loadConfig();
  const pack = packOf(config, source);
  const target = findTarget(options);
  if ((options.open !== undefined || options.received) && !pack.secret.handedOver) {
    throw new CliError(`${pack.title} hands no key over: set the secret of "${source}" instead.`);
  }
  if (options.received) {
    output.line(await receivedSecret(target, source));
    return;
  }
  const openUntil = options.open === undefined ? undefined : await openWindow(target, source, options.open);
  const origin = options.url ? target.origin : (config.publicUrl?.replace(/\/$/, '') ?? target.origin);
  const registration = registrationOf(pack, source, `${origin}/webhooks/${source}`);
  const document = { ...registration, ...(openUntil !== undefined && { openUntil }) };
  if (output.json) printDocument(output, document, () => {});
  else for (const line of sheet(document)) output.line(line);
}

/** The sheet without any effect, also for tests. */
export function registrationOf(pack: Provider, source: string, url: string): Registration {
  const steps = (pack.registration ?? ['Enter {url} as the webhook URL.']).map((step) =>
    step.replaceAll('{url}', url).replaceAll('<source>', source),
  );
  return {
    source,
    provider: pack.title,
    url,
    steps,
    secret: pack.secret.description,
    types: [...new Set(pack.samples.map(({ type }) => type))],
    answer: pack.acknowledge?.status ?? 202,
    retries: pack.retries.schedule,
    timeoutSeconds: pack.retries.timeoutSeconds ?? null,
    documentation: pack.documentation,
  };
}

/** A configured source; before it is configured, the name of a pack does as well. */
function packOf(config: InletConfig, source: string): Provider {
  const name = Object.hasOwn(config.sources, source) ? config.sources[source]?.provider : source;
  const pack = name !== undefined && Object.hasOwn(providers, name) ? providers[name] : undefined;
  if (pack) return pack;
  const known = Object.keys(config.sources).join(', ');
  throw new CliError(`There is no source "${source}". The sources are: ${known}.`);
}

function* sheet(sheet: Registration): Generator<string> {
  yield `${sheet.provider}, source "${sheet.source}"`;
  yield '';
  yield `URL      ${sheet.url}`;
  yield `Secret   ${sheet.secret}`;
  if (sheet.types.length > 0) yield `Events   such as ${sheet.types.join(', ')}`;
  yield '';
  for (const [number, step] of sheet.steps.entries()) yield `${number + 1}. ${step}`;
  yield '';
  yield `Inlet answers ${sheet.answer}.${sheet.timeoutSeconds === null ? '' : ` The provider waits ${sheet.timeoutSeconds} s.`}`;
  yield `Retries: ${sheet.retries}.`;
  for (const page of sheet.documentation) yield page;
  if (sheet.openUntil !== undefined) {
    yield '';
    yield `Open until ${new Date(sheet.openUntil).toISOString()} for one key: register at the provider now.`;
  }
  if (/^https?:\/\/(127\.|localhost|\[::1\])/.test(sheet.url)) {
    yield '';
    yield 'This address is this computer: a provider reaches it through a tunnel or a deployment only.';
  }
}
