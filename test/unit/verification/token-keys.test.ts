/** Keys of an issuer that answers, that does not, and of a laptop beside it. The issuer is a server of our own. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, globalAgent, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { KidNotFoundInJwksError, WaitPeriodNotYetEndedJwkError } from 'aws-jwt-verify/error';
import { type Jwks, SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { bearerToken } from '../../../functions/verification/jwt.ts';
import {
  configuredKeys,
  issuerKeys,
  KEYS_LIFE_MS,
  noPenalty,
} from '../../../functions/verification/token-keys.ts';
import { selfSigned } from '../providers/self-signed.ts';
import { judge } from './custom-request.ts';
import { NOW } from './request.ts';

const keyOf = (kid: string) => ({ kty: 'RSA', kid, n: 'AQAB', e: 'AQAB' });
const issued: Jwks = { keys: [keyOf('issued')] };
const development: Jwks = { keys: [keyOf('development')] };
const read = (bytes: ArrayBuffer): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));

test('configured keys are given whatever the address', async () => {
  const keys = configuredKeys(issued);
  expect(read(await keys.fetch('https://issuer.example/keys'))).toEqual(issued);
  expect(keys.reachable).toBe(true);
});

test('an unknown key is looked up again at once where keys are configured', async () => {
  const address = 'https://issuer.example/keys';
  const token = (kid: string) => ({ header: { kid, alg: 'RS256' }, payload: {} });
  const fetcher = configuredKeys(issued);
  const patient = new SimpleJwksCache({ fetcher, penaltyBox: noPenalty });
  for (const _ of [1, 2, 3]) {
    await expect(patient.getJwk(address, token('other'))).rejects.toThrow(KidNotFoundInJwksError);
  }
  expect(await patient.getJwk(address, token('issued'))).toMatchObject({ kid: 'issued' });
  const usual = new SimpleJwksCache({ fetcher });
  await expect(usual.getJwk(address, token('other'))).rejects.toThrow(KidNotFoundInJwksError);
  await expect(usual.getJwk(address, token('other'))).rejects.toThrow(WaitPeriodNotYetEndedJwkError);
});

describe('keys of an issuer', () => {
  let server: Server;
  let answer: { status: number; text: string };
  let uri: string;
  const trusted = globalAgent.options;

  beforeAll(async () => {
    const { pem, privateKey } = selfSigned();
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
    server = createServer({ key, cert: pem }, (_request, response) => {
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    uri = `https://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    // The certificate is made for this run and names no host.
    globalAgent.options = { ...trusted, ca: pem, checkServerIdentity: () => undefined };
  });
  afterAll(() => {
    globalAgent.options = trusted;
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    answer = { status: 200, text: JSON.stringify(issued) };
  });

  test('are fetched as they are', async () => {
    const keys = issuerKeys(undefined);
    expect(keys.reachable).toBe(true);
    answer = { status: 200, text: ` ${JSON.stringify(issued)}\n` };
    expect(Buffer.from(await keys.fetch(uri)).toString()).toBe(answer.text);
    expect(keys.reachable).toBe(true);
  });

  test('stand before the one of a laptop', async () => {
    const keys = issuerKeys(development);
    expect(read(await keys.fetch(uri))).toEqual({ keys: [...issued.keys, ...development.keys] });
    expect(keys.reachable).toBe(true);
  });

  describe('that was withdrawn', () => {
    const ISSUER = 'https://issuer.example';
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const successor = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const setOf = (...keys: KeyObject[]) => ({
      status: 200,
      text: JSON.stringify({ keys: keys.map((key) => ({ ...key.export({ format: 'jwk' }), kid: 'one' })) }),
    });
    const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const content = `${encode({ alg: 'RS256', kid: 'one' })}.${encode({ iss: ISSUER, aud: 'inlet', iat: NOW, exp: NOW + 86_400 })}`;
    const tokenOf = (key: KeyObject) =>
      `Bearer ${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
    /** One source, for as long as a test lasts. */
    const source = () => {
      const scheme = bearerToken(() => ({
        issuer: ISSUER,
        audience: 'inlet',
        jwksUri: uri,
        accepts: () => true,
        sampleClaims: {},
      }));
      const options = {};
      return async (key: KeyObject, late: number) => {
        const headers = { authorization: tokenOf(key) };
        return (await judge(scheme, { headers }, { secrets: [], options, late })).ok;
      };
    };
    const quarter = KEYS_LIFE_MS / 1000;

    test('proves nothing any more after a quarter of an hour, nor does the old one under its name', async () => {
      const check = source();
      answer = setOf(pair.publicKey);
      expect(await check(pair.privateKey, 0)).toBe(true);
      answer = setOf(successor.publicKey);
      expect(await check(pair.privateKey, quarter - 1)).toBe(true);
      expect(await check(pair.privateKey, quarter)).toBe(false);
      expect(await check(successor.privateKey, quarter)).toBe(true);
      answer = setOf();
      expect(await check(successor.privateKey, 2 * quarter)).toBe(false);
    });

    test('goes on while the issuer does not answer, and is looked for again soon', async () => {
      const check = source();
      answer = setOf(pair.publicKey);
      expect(await check(pair.privateKey, 0)).toBe(true);
      answer = { status: 500, text: '' };
      expect(await check(pair.privateKey, quarter)).toBe(true);
      answer = setOf();
      expect(await check(pair.privateKey, quarter + 29)).toBe(true);
      expect(await check(pair.privateKey, quarter + 30)).toBe(false);
    });
  });

  test.each([
    ['an error', { status: 500, text: '' }],
    ['nothing', undefined],
  ])('are out of reach with %s, until they are there again', async (_what, failing) => {
    const keys = issuerKeys(undefined);
    if (failing) answer = failing;
    await expect(keys.fetch(failing ? uri : 'https://127.0.0.1:1/keys')).rejects.toThrow();
    expect(keys.reachable).toBe(false);
    answer = { status: 200, text: JSON.stringify(issued) };
    expect(read(await keys.fetch(uri))).toEqual(issued);
    expect(keys.reachable).toBe(true);
  });

  test('out of reach, a laptop still knows its own', async () => {
    const keys = issuerKeys(development);
    answer = { status: 500, text: '' };
    expect(read(await keys.fetch(uri))).toEqual(development);
    expect(keys.reachable).toBe(false);
    answer = { status: 200, text: 'no JSON' };
    expect(read(await keys.fetch(uri))).toEqual(development);
    expect(keys.reachable).toBe(false);
  });
});
