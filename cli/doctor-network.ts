/** Checks of `inlet doctor` that go over HTTP. */

import type { Check } from './check.ts';
import { CliError } from './cli-error.ts';
import { createCaller, request } from './http-backend.ts';

/** Signatures with a time are refused when it is 300 s off at most providers: a minute is told early enough. */
const MAX_SKEW_MS = 60_000;

export interface ServerAnswer {
  readonly check: Check;
  /** The server's clock, as its header says. */
  readonly date: string | null;
  /** Epoch milliseconds of this computer's clock when it answered. */
  readonly asked: number;
}

/** Asks without the token for the clock, then with it. @param takesToken whether a token opens its read API. */
export async function serverCheck(
  origin: string,
  token: string | undefined,
  takesToken: boolean,
): Promise<ServerAnswer> {
  const name = 'server';
  const nobody = { date: null, asked: 0 };
  try {
    const response = await request(new URL('/api', origin), { method: 'GET' });
    const answer = { date: response.headers.get('date'), asked: Date.now() };
    await response.body?.cancel();
    if (takesToken) await createCaller(origin, token).get('/api/sources');
    return {
      check: { name, verdict: 'ok', message: `${origin} answers${takesToken ? ' and takes the token' : ''}` },
      ...answer,
    };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return {
      check: { name, verdict: 'wrong', message: `${origin} cannot be used`, advice: error.message },
      ...nobody,
    };
  }
}

/** @param date of the header; it has whole seconds, so half a second is expected on top. */
export function clockCheck(date: string | null, now: number): Check {
  const name = 'clock';
  const time = Date.parse(date ?? '');
  if (Number.isNaN(time))
    return {
      name,
      verdict: 'warn',
      message: 'the server does not tell its time',
      advice: 'Compare the clocks yourself.',
    };
  const skew = now - (time + 500);
  const seconds = Math.round(Math.abs(skew) / 1000);
  if (Math.abs(skew) <= MAX_SKEW_MS)
    return { name, verdict: 'ok', message: `within ${Math.max(1, seconds)} s of the server's` };
  return {
    name,
    verdict: 'wrong',
    message: `this computer is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} the server`,
    advice: 'Set both by NTP: signatures with a time are refused when the clocks differ.',
  };
}

/** One line for each URL: a GET is answered by the page that says that the endpoint is ready. */
export async function* webhookChecks(
  origin: string,
  sources: readonly string[],
  isDeployed: boolean,
): AsyncGenerator<Check> {
  // All at once: one after the other, a host that does not answer would take a minute for each source.
  const checks = sources.map((source) => webhookCheck(`${origin}/webhooks/${source}`, source, isDeployed));
  for (const check of checks) yield await check;
}

async function webhookCheck(url: string, source: string, isDeployed: boolean): Promise<Check> {
  const name = `url ${source}`;
  try {
    const response = await request(new URL(url), { method: 'GET' });
    const text = await response.text();
    if (response.status === 200) return { name, verdict: 'ok', message: `${url} is ready` };
    // Some packs answer a GET themselves, as a handshake that lacks its question.
    if (response.headers.get('inlet-outcome') === 'handshake' || response.status === 400)
      return { name, verdict: 'ok', message: `${url} answers (${response.status})` };
    const advice =
      response.status === 404
        ? 'The Inlet there has no such source: start or deploy it again with this configuration.'
        : response.status === 503
          ? `Its secret cannot be read: inlet secret list${isDeployed ? ' --stage …' : ''}.`
          : `Is this the address that leads to the Inlet? It said: ${text.slice(0, 100)}`;
    return { name, verdict: 'wrong', message: `${url} answers ${response.status}`, advice };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return {
      name,
      verdict: 'wrong',
      message: `${url} cannot be reached`,
      advice:
        'Check publicUrl in the configuration, the DNS entry and the tunnel or the deployment behind it.',
    };
  }
}
