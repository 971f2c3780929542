import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length.toString(16);
  const bytes = Buffer.from(length.length % 2 ? `0${length}` : length, 'hex');
  const head =
    content.length < 128
      ? Buffer.from([content.length])
      : Buffer.concat([Buffer.from([0x80 + bytes.length]), bytes]);
  return Buffer.concat([Buffer.from([tag]), head, content]);
}

const sha256WithRsa = der(0x30, Buffer.from('06092a864886f70d01010b0500', 'hex'));
const nameOf = (host: string) =>
  der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(host)))));
const time = (date: string) => der(0x17, Buffer.from(date));

/** A certificate of a host and its key, made for one test run. Times as `YYMMDDhhmmssZ`. */
export function selfSigned(
  from = '250101000000Z',
  to = '300101000000Z',
  host = 'sample',
): { readonly pem: string; readonly privateKey: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const name = nameOf(host);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const content = der(
    0x30,
    der(0x02, Buffer.from([1])),
    sha256WithRsa,
    name,
    der(0x30, time(from), time(to)),
    name,
    spki,
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, privateKey));
  const base64 = der(0x30, content, sha256WithRsa, signature).toString('base64');
  const lines = base64.match(/.{1,64}/g)?.join('\n') ?? '';
  return { pem: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`, privateKey };
}
