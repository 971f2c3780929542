/** Tokens of an issuer whose keys are fetched; the issuer is a server of our own. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, globalAgent, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { bearerToken, DEVELOPMENT_KEY_ID, type TokenRules } from '../../../functions/verification/jwt.ts';
import { selfSigned } from '../providers/self-signed.ts';
import { judge, proven, refusal } from './custom-request.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const secret = Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })).toString('base64');
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: DEVELOPMENT_KEY_ID };
const body = '{"a":1}';

describe('an issuer', () => {
  let server: Server;
  let rules: TokenRules;
  let calls = 0;
  let answer = '';
  const trusted = globalAgent.options;

  beforeAll(async () => {
    const certificate = selfSigned();
    const key = certificate.privateKey.export({ type: 'pkcs8', format: 'pem' });
    server = createServer({ key, cert: certificate.pem }, (_request, response) => {
      calls++;
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // The certificate is made for this run and names no host.
    globalAgent.options = { ...trusted, ca: certificate.pem, checkServerIdentity: () => undefined };
    const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    rules = { issuer, audience: 'inlet', jwksUri: `${issuer}/keys`, accepts: () => true, sampleClaims: {} };
  });
  afterAll(() => {
    globalAgent.options = trusted;
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    calls = 0;
    answer = JSON.stringify({ keys: [jwk] });
  });

  test('has its keys fetched once', async () => {
    const scheme = bearerToken(() => rules);
    const options = {};
    const request = await proven(scheme, { body }, secret);
    for (const _ of [1, 2, 3]) expect(await judge(scheme, request, { options })).toEqual({ ok: true });
    expect(calls).toBe(1);
  });

  test('that does not know a key is left in peace for a while', async () => {
    answer = JSON.stringify({ keys: [{ ...jwk, kid: 'another' }] });
    const scheme = bearerToken(() => rules);
    const options = {};
    const request = await proven(scheme, { body }, secret);
    const answers = [await judge(scheme, request, { options }), await judge(scheme, request, { options })];
    expect(answers).toEqual([
      refusal('signature-mismatch', 'KidNotFoundInJwksError'),
      refusal('key-unavailable', 'the key set of the issuer cannot be fetched'),
    ]);
    expect(calls).toBe(1);
  });

  test.each([
    ['no JSON', '<html>Back soon</html>'],
    ['no keys', '{"message":"Back soon"}'],
    ['an empty key', JSON.stringify({ keys: [{ kid: DEVELOPMENT_KEY_ID }] })],
    ['a key that is none', JSON.stringify({ keys: [{ ...jwk, n: '' }] })],
  ])('that answers with %s is not held against the token', async (_what, given) => {
    answer = given;
    const scheme = bearerToken(() => rules);
    const request = await proven(scheme, { body }, secret);
    expect(await judge(scheme, request, { options: {} })).toEqual(
      refusal('key-unavailable', 'the key set of the issuer cannot be read'),
    );
  });
});
