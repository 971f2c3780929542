/** The login on AWS: which tokens open the API, and for what. Keys are made here; nothing is fetched. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { FetchError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { cognitoAccess } from '../../../functions/console/cognito.ts';

const userPoolId = 'us-east-1_abcdefghi';
const clientId = 'client';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwks = {
  keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' }],
};
const now = Math.floor(Date.now() / 1000);

const claims = {
  iss: `https://cognito-idp.us-east-1.amazonaws.com/${userPoolId}`,
  client_id: clientId,
  token_use: 'access',
  sub: 'somebody',
  exp: now + 600,
  iat: now,
};

function token(changes: Readonly<Record<string, unknown>> = {}, key = privateKey): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: 'RS256', kid: 'k' })}.${encode({ ...claims, ...changes })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}

/** The keys of the pool, without a network. */
const keys = (answer: () => Promise<ArrayBuffer>) => new SimpleJwksCache({ fetcher: { fetch: answer } });
const published = async () => new TextEncoder().encode(JSON.stringify(jwks)).buffer as ArrayBuffer;

const access = cognitoAccess({ userPoolId, clientId, keys: keys(published) });

describe('an access token of the client', () => {
  test('lets people look', async () => {
    expect(await access(token())).toBe('read');
    expect(await access(token({ 'cognito:groups': ['others'] }))).toBe('read');
  });

  test('lets operators change things', async () => {
    expect(await access(token({ 'cognito:groups': ['others', 'operators'] }))).toBe('operate');
  });
});

test.each([
  ['none', undefined],
  ['no token at all', 'abc'],
  ['another key', token({}, other.privateKey)],
  ['expired', token({ exp: now - 10 })],
  ['another client', token({ client_id: 'other' })],
  ['another pool', token({ iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other' })],
  ['an id token', token({ token_use: 'id', aud: clientId })],
  ['a changed payload', token().replace(/\.[^.]+\./, `.${Buffer.from('{}').toString('base64url')}.`)],
])('%s opens nothing', async (_, bearer) => {
  expect(await access(bearer)).toBe(false);
});

test('keys that cannot be had are not a wrong token', async () => {
  const unreachable = keys(() => Promise.reject(new FetchError('https://example.com', 'no answer')));
  const closed = cognitoAccess({ userPoolId, clientId, keys: unreachable });
  await expect(closed(token())).rejects.toMatchObject({ status: 503 });
});
