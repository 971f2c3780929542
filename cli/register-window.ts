/** The registration window of a local Inlet. On AWS it is the SSM parameter `<path>/<source>/window`. */
import { CliError } from './cli-error.ts';
import { request } from './http-backend.ts';
import type { Target } from './target.ts';

interface Status {
  readonly until?: number;
  readonly learnt?: string;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/**
 * Opens the window.
 * @param length such as `10m`, at most an hour.
 * @returns its end in epoch milliseconds.
 * @throws CliError
 */
export async function openWindow(target: Target, source: string, length: string): Promise<number> {
  const [, number = '', unit = ''] = /^(\d{1,4})([smh])$/.exec(length) ?? [];
  const seconds = Number(number) * (UNITS[unit] ?? 0);
  if (!(seconds >= 1 && seconds <= 3600)) {
    throw new CliError(`--open ${length}: write for how long, such as 10m, at most 1h.`);
  }
  const { until } = await call(target, source, { method: 'POST', body: JSON.stringify({ seconds }) });
  if (until === undefined) throw new CliError('The window could not be opened.');
  return until;
}

/** @returns the key that was handed over last. @throws CliError with exit code 1 when there is none. */
export async function receivedSecret(target: Target, source: string): Promise<string> {
  const { learnt } = await call(target, source, { method: 'GET' });
  if (learnt !== undefined) return learnt;
  throw new CliError(
    `No key was handed over for "${source}" yet: open a window with --open 10m, then register.`,
    1,
  );
}

async function call({ origin, token }: Target, source: string, init: RequestInit): Promise<Status> {
  const url = new URL(`/api/registration/${encodeURIComponent(source)}`, origin);
  const response = await request(url, {
    ...init,
    headers: { authorization: `Bearer ${token ?? ''}`, 'content-type': 'application/json' },
  });
  if (response.status === 200) return (await response.json()) as Status;
  await response.body?.cancel();
  if (response.status === 401)
    throw new CliError(`${origin} refuses the token: pass --token or set INLET_TOKEN.`);
  throw new CliError(
    `${origin} has no registration windows (${response.status}). On AWS put the end of the window (RFC 3339) into the SSM parameter <path>/${source}/window, a SecureString.`,
  );
}
