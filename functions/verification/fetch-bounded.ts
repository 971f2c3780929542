/**
 * The only way in which a request can make Inlet call an address: https, a host that the pack names, no redirect,
 * bounded in size and time.
 */

export interface BoundedFetchOptions {
  /** The whole host name must match, so anchors are not needed and a longer name never passes. */
  readonly hosts: RegExp;
  /** Likewise for the path, without the query. Default: any. */
  readonly path?: RegExp;
  /** Default 64 KiB: a certificate chain or a confirmation page. */
  readonly maxBytes?: number;
  /** Default 3 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** In place of the network, for tests. */
  readonly fetch?: typeof globalThis.fetch;
}

export type BoundedFetchResult =
  | { readonly ok: true; readonly body: Buffer }
  /** `forbidden`: not an address that the pack allows; nothing was called. `unavailable`: no good answer. */
  | { readonly ok: false; readonly reason: 'forbidden' | 'unavailable' };

const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 3_000;
const MAX_URL_LENGTH = 4_096;

/** The parsed URL, or undefined when the pack does not allow it. */
export function allowedUrl(text: string, hosts: RegExp, path?: RegExp): URL | undefined {
  // `URL` drops line breaks and reads backslashes as slashes: an honest URL has none of them.
  if (text.length > MAX_URL_LENGTH || /[\s\\]/.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const plain = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === '';
  const fits = matchesWhole(hosts, url.hostname) && (path === undefined || matchesWhole(path, url.pathname));
  return plain && fits ? url : undefined;
}

function matchesWhole(pattern: RegExp, text: string): boolean {
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gmy]/g, '')).test(text);
}

/** Fetches an allowed URL by GET. Never throws. */
export async function fetchBounded(text: string, options: BoundedFetchOptions): Promise<BoundedFetchResult> {
  const url = allowedUrl(text, options.hosts, options.path);
  if (!url) return { ok: false, reason: 'forbidden' };
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    const response = await (options.fetch ?? globalThis.fetch)(url, { redirect: 'error', signal });
    const body = response.ok ? await readBounded(response, options.maxBytes ?? MAX_BYTES) : undefined;
    if (body) return { ok: true, body };
    await response.body?.cancel().catch(() => undefined);
  } catch {
    // Unreachable, too slow, redirected or cut off: to the caller it is all the same.
  }
  return { ok: false, reason: 'unavailable' };
}

/** The whole body, or undefined when it is larger than it may be: no more than that is held in memory. */
async function readBounded({ body }: Response, maxBytes: number): Promise<Buffer | undefined> {
  if (!body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the stream.
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
