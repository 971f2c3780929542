/**
 * An official SDK and a pack judge the same requests. Where they differ, the test knows why, or fails.
 *
 * What is judged is random, but the same in every run: only the times follow the clock, because most SDKs read it
 * themselves.
 */
import type { ProviderOptions, WebhookRequest } from '../../../functions/pack/request.ts';
import type { Verdict } from '../../../functions/pack/scheme.ts';
import { proveRequest, verifyRequest } from '../../../functions/verification/verify.ts';
import { packOf } from '../../unit/providers/judge-pack.ts';
import { bareRequest } from '../../unit/providers/sample-request.ts';
import { Random } from '../fuzz/random.ts';
import { type Altered, alter, type Signed } from './alter.ts';
import { anyBody, type Body } from './bodies.ts';
import { installed, versionOf, withSdks } from './sdks.ts';

export const REQUESTS = 200;

/** One request and what both say of it. */
export interface Judged {
  readonly request: WebhookRequest;
  readonly altered: Altered | undefined;
  /** Seconds from now at which it was signed. */
  readonly offset: number;
  readonly sdk: boolean;
  readonly pack: Verdict;
}

/** A difference that is none of the pack's faults. */
export interface KnownDifference {
  readonly what: string;
  /** Why the pack is right. */
  readonly because: string;
  is(judged: Judged): boolean;
}

export interface Oracle {
  readonly provider: string;
  /** The npm package. */
  readonly sdk: string;
  readonly options?: ProviderOptions;
  readonly body?: (random: Random) => Body;
  /** What else such a request has: headers, a hash in the URL, another body. */
  prepare?(unsigned: WebhookRequest, random: Random): WebhookRequest;
  secret(random: Random): string;
  /** Headers that the proof consists of. */
  readonly proof: readonly string[];
  /** Times around which requests are signed, in seconds from now. Default: those around five minutes. */
  readonly offsets?: readonly number[];
  /** Signs in the provider's place: by the SDK, or with a key pair of the test. */
  sign?(unsigned: WebhookRequest, secret: string, at: number): WebhookRequest | Promise<WebhookRequest>;
  /** False where only the provider itself can sign: `sign` then makes every request. */
  readonly packSigns?: boolean;
  /** The SDK's verdict; what it throws is a refusal. */
  verify(request: WebhookRequest, secret: string): unknown;
  readonly known?: readonly KnownDifference[];
}

const rows: string[] = [];

/** Declares the test of one pack against one SDK; `make` loads the SDK, once it is known to be there. */
export function against(name: string, make: () => Oracle | Promise<Oracle>): void {
  withSdks(
    name,
    async () => {
      const oracle = await make();
      const judged: Judged[] = [];
      for (let number = 0; number < REQUESTS; number++) judged.push(await judgeOne(oracle, number));
      report(oracle, judged);
    },
    60_000,
  );
}

afterAll(() => {
  const table = installed ? rows : ['skipped: the SDKs are not installed, "npm run oracles" does that'];
  process.stdout.write(`${table.join('\n')}\n`);
});

const FIVE_MINUTES = [0, 0, -280, 280, -320, 320, -4_000, 4_000];

async function judgeOne(oracle: Oracle, number: number): Promise<Judged> {
  const random = new Random(`${oracle.provider} ${oracle.sdk} ${number}`);
  const pack = packOf(oracle.provider);
  const options = oracle.options ?? {};
  const secret = oracle.secret(random);
  const unsigned = unsignedRequest(oracle, random);
  // Half are altered. Of the others, half are signed at another time, which may be too far off.
  const altering = number % 2 === 0;
  const offset = !altering && random.chance(0.5) ? random.pick(oracle.offsets ?? FIVE_MINUTES) : 0;
  const at = Date.now() + offset * 1_000;
  const bySdk = oracle.sign !== undefined && (oracle.packSigns === false || random.chance(0.5));
  const request =
    bySdk && oracle.sign
      ? await oracle.sign(unsigned, secret, at)
      : await proveRequest(pack, { request: unsigned, secret, options, now: at });
  const signed: Signed = { request, secret };
  const altered = altering
    ? alter(random, number / 2, signed, oracle.proof, () => oracle.secret(random))
    : undefined;
  const given = altered ?? signed;
  const context = { request: given.request, secrets: [given.secret], options, now: Date.now() };
  const verdict = await verifyRequest(pack, context);
  const sdk = await accepts(() => oracle.verify(given.request, given.secret));
  return { request: given.request, altered, offset, sdk, pack: verdict };
}

const PATHS = ['a', 'a%20b', 'ü', "it's", 'x/y'];
const QUERIES = ['', '?q=1', '?a=%2F%3A&b=%E2%9C%93', '?a=b&a=c+d'];

function unsignedRequest(oracle: Oracle, random: Random): WebhookRequest {
  const { type, text } = (oracle.body ?? anyBody)(random);
  const unsigned = bareRequest({
    url: `https://hooks.example.com/webhooks/${random.pick(PATHS)}${random.pick(QUERIES)}`,
    headers: { 'content-type': type },
    // No provider sends half a surrogate pair.
    body: Buffer.from(text.toWellFormed()),
  });
  return oracle.prepare?.(unsigned, random) ?? unsigned;
}

async function accepts(verify: () => unknown): Promise<boolean> {
  try {
    // Some answer with nothing, and throw when they refuse.
    return (await verify()) !== false;
  } catch {
    return false;
  }
}

function report(oracle: Oracle, judged: readonly Judged[]): void {
  const known = oracle.known ?? [];
  const name = `${oracle.sdk}@${versionOf(oracle.sdk)}`;
  const differing = judged.filter(({ sdk, pack }) => sdk !== pack.ok);
  const met = known.map((difference) => ({
    ...difference,
    count: differing.filter((one) => difference.is(one)).length,
  }));
  const unexplained = differing.filter((one) => !known.some((difference) => difference.is(one)));
  const agreed = judged.length - differing.length;
  const both = judged.filter(({ sdk, pack }) => sdk && pack.ok).length;
  const why = met.map(({ what, count }) => `${count} × ${what}`).join('; ') || 'none';
  const figures = `accepted by both ${both}, refused by both ${agreed - both}`;
  rows.push(
    `${oracle.provider.padEnd(18)} ${name.padEnd(38)} requests ${judged.length}, agreed ${agreed} (${figures}), known differences: ${why}`,
  );
  expect(unexplained.map(describeJudged)).toEqual([]);
  // A list that has gone stale hides the next difference.
  expect(met.filter(({ count }) => count === 0).map(({ what }) => what)).toEqual([]);
  // Two that refuse everything agree as well.
  expect(both).toBeGreaterThanOrEqual(50);
  expect(agreed - both).toBeGreaterThanOrEqual(20);
}

export function withHeaders(
  request: WebhookRequest,
  added: Readonly<Record<string, string>>,
): WebhookRequest {
  return bareRequest({ ...request, headers: { ...request.headers, ...added } });
}

export const textOf = ({ body }: WebhookRequest) => body.toString('utf8');

/** Enough of a request to see what the two make of it. */
function describeJudged({ request, altered, offset, sdk, pack }: Judged) {
  const { url, headers, body } = request;
  const alteration = altered && `${altered.kind} ${altered.header ?? ''}`;
  return {
    sdk,
    pack,
    alteration,
    offset,
    url,
    headers: { ...headers },
    body: body.toString('utf8').slice(0, 400),
  };
}
