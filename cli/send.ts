import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { loadConfig } from '../config/load.ts';
import { Header } from '../functions/core/names.ts';
import { type Draft, drafts } from '../local/samples.ts';
import { CliError } from './cli-error.ts';
import { request } from './http-backend.ts';
import { type Output, printable } from './output.ts';
import { createProgress } from './progress.ts';
import { createSigner, type Signer } from './signer.ts';
import { green, red } from './table.ts';
import { findTarget, isLoopback, parseUrl, type TargetOptions } from './target.ts';

export interface SendOptions extends TargetOptions {
  readonly type?: string | undefined;
  readonly count: number;
  readonly repeat: number;
  readonly shuffle: boolean;
  /** Requests a second; without it, one after the other. */
  readonly rate?: number | undefined;
  readonly seed?: number | undefined;
  readonly secret?: string | undefined;
  /** File with a body of one's own; `-` is standard input. */
  readonly data?: string | undefined;
  /** `name: value`, in addition to the sample's. */
  readonly header: readonly string[];
}

/** What became of one request. */
interface Sent {
  readonly status: number;
  readonly outcome: string | null;
  readonly delivery: string | null;
  readonly type: string;
}

/**
 * `inlet send`: signs samples as the provider would and sends them to the source.
 * @throws CliError with exit code 1 when any was not answered with 2xx.
 */
export async function send(output: Output, source: string, options: SendOptions): Promise<void> {
  const config = await loadConfig();
  const target = findTarget(options);
  const url = webhookUrl(options.url ?? target.origin, source);
  const signer = createSigner(config, source, url, target, options.secret);
  // Another seed each time: the same one would send the same events, and they would be duplicates.
  const seed = options.seed ?? randomInt(1, 2 ** 30);
  const data = options.data === undefined ? undefined : await readBody(options.data);
  const waiting = drafts(signer.provider, { ...options, seed, data });
  // Locally the server builds the URL that providers sign on the configured origin.
  const signedOrigin = isLoopback(url) && config.publicUrl ? new URL(config.publicUrl).origin : url.origin;
  const headers = readHeaders(options.header);
  let refused = 0;
  const progress = createProgress(waiting.length, output.human);
  const started = performance.now();
  for (const [n, draft] of waiting.entries()) {
    progress.show(n);
    // Due times are counted from the beginning: a slow answer delays no other request for longer than it takes.
    if (options.rate) await pause(Math.max(0, started + (n * 1000) / options.rate - performance.now()));
    const sent = await sendOne(signer, draft, url, signedOrigin, headers).finally(progress.clear);
    if (sent.status < 200 || sent.status > 299) refused += 1;
    print(output, sent);
  }
  if (output.human && waiting.length > 1)
    output.line(`${waiting.length} sent, ${refused} refused; --seed ${seed}`);
  if (refused > 0) throw new CliError(`${refused} of ${waiting.length} requests were not accepted.`, 1);
}

async function sendOne(
  signer: Signer,
  draft: Draft,
  url: URL,
  signedOrigin: string,
  more: Readonly<Record<string, string>>,
): Promise<Sent> {
  const address = new URL(url);
  address.pathname = url.pathname.replace(/\/$/, '') + draft.subpath;
  const headers = { 'user-agent': 'inlet-send', ...draft.headers, ...more };
  const proven = await signer.sign({
    method: 'POST',
    url: signedOrigin + address.pathname + address.search,
    subpath: draft.subpath,
    headers,
    body: draft.body,
    receivedAt: Date.now(),
  });
  address.search = new URL(proven.url).search;
  const response = await request(address, {
    method: 'POST',
    headers: { ...proven.headers },
    body: new Uint8Array(proven.body),
  });
  await response.arrayBuffer();
  return {
    status: response.status,
    outcome: response.headers.get(Header.outcome),
    delivery: response.headers.get(Header.delivery),
    type: draft.type,
  };
}

function print(output: Output, sent: Sent): void {
  const { status, outcome, delivery, type } = sent;
  if (output.json) {
    output.line(JSON.stringify(sent));
    return;
  }
  const paint = output.human ? (status < 300 ? green : red) : (text: string) => text;
  output.line(`${paint(String(status))} ${outcome ?? '-'} ${printable(delivery ?? '-')} ${type}`);
}

/** A URL without a path means the server; then the source's path is added. */
function webhookUrl(text: string, source: string): URL {
  const url = parseUrl(text);
  if (url.pathname === '/') url.pathname = `/webhooks/${encodeURIComponent(source)}`;
  return url;
}

async function readBody(file: string): Promise<Buffer> {
  if (file === '-') return buffer(process.stdin);
  return readFile(file).catch((error: Error) => {
    throw new CliError(`--data ${file} cannot be read: ${error.message}`);
  });
}

function readHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  const pairs = lines.map((line) => {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) throw new CliError(`--header ${line}: write "name: value"`);
    return [name.toLowerCase(), value] as const;
  });
  return Object.fromEntries(pairs);
}
