import type { CustomScheme, HmacScheme } from '../pack/scheme.ts';
import { digestAlgorithm } from './hmac.ts';
import { pairValue, signatureHeaders } from './signature-header.ts';
import { signSigned, verifySigned } from './signed-request.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * Hook0, as Coinbase uses it: `t=<seconds>,v0=<hex>,h=<names>,v1=<hex>`. v1 covers the headers that `h` names,
 * parted by spaces, and their values; v0 covers the body alone. Where v1 is there it decides, as in Hook0's own
 * client (https://github.com/hook0/hook0/blob/master/clients/typescript/src/lib/signature.ts).
 */
export function hook0(header: string): CustomScheme {
  const scheme = (key: 'v0' | 'v1'): HmacScheme => ({
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{timestamp}.{body}',
    signature: { header, form: { kind: 'pairs', separator: ',', key } },
    timestamp: { from: { pair: 't' }, unit: 'seconds', toleranceSeconds: 300 },
  });
  const [v0, v1] = [scheme('v0'), scheme('v1')];
  const pair = (headers: Headers, key: string) => pairValue(headers, signatureHeaders(v1), key);
  // Two v1 are as good as a wrong one: `v1=` without a value must not let v0 decide either.
  const isV1 = (headers: Headers) => /(^|,)\s*v1\s*=/.test(headers[header] ?? '');
  return {
    kind: 'custom',
    covers: {
      headers: [],
      namedHeaders: (headers) => (isV1(headers) ? (pair(headers, 'h') ?? '').split(' ') : []),
      url: false,
      body: 'all',
    },
    verify(context) {
      const { headers, body } = context.request;
      if (!isV1(headers)) return verifySigned(v0, digestAlgorithm(v0), context);
      const named = namedHeaders(pair(headers, 'h') ?? '', headers);
      if (!named) return { ok: false, reason: 'signature-malformed', hint: 'a signed header is missing' };
      const request = { ...context.request, body: Buffer.concat([Buffer.from(named), body]) };
      return verifySigned(v1, digestAlgorithm(v1), { ...context, request });
    },
    sign(context) {
      const { headers, body } = context.request;
      const names = headers['content-type'] === undefined ? '' : 'content-type';
      const request = {
        ...context.request,
        body: Buffer.concat([Buffer.from(`${names}.${headers[names] ?? ''}.`), body]),
      };
      const signed = signSigned(v1, digestAlgorithm(v1), { ...context, request })[header] ?? '';
      return { [header]: signed.replace(',v1=', `,h=${names},v1=`) };
    },
  };
}

/** What v1 signs between the time and the body; undefined when a named header is not there. */
function namedHeaders(h: string, headers: Headers): string | undefined {
  const names = h === '' ? [] : h.split(' ');
  const values = names.map((name) => (Object.hasOwn(headers, name) ? headers[name] : undefined));
  if (values.some((value) => value === undefined)) return undefined;
  return `${names.join(' ')}.${values.join('.')}.`;
}
