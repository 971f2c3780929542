import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The key pair of every test, in the environment of the functions. */
export const TEST_CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'session-token-of-the-test',
} as const;

/** The same as Lambda gives it to a function. */
export const TEST_ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: TEST_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: TEST_CREDENTIALS.secretAccessKey,
  AWS_SESSION_TOKEN: TEST_CREDENTIALS.sessionToken,
} as const;

/**
 * Whether a request is signed with the test's key pair and carries its session token. Written from the
 * description (https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html), not from the SDK:
 * the stand-ins check no signature, so this is what would notice a bundle that signs wrongly.
 */
export function isSigned(request: IncomingMessage, body: Buffer): boolean {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
  const [, accessKeyId, scope = '', signedHeaders = '', signature] =
    pattern.exec(request.headers.authorization ?? '') ?? [];
  const names = signedHeaders.split(';');
  if (accessKeyId !== TEST_CREDENTIALS.accessKeyId || !names.includes('host')) return false;
  if (request.headers['x-amz-security-token'] !== TEST_CREDENTIALS.sessionToken) return false;

  const [path = '', query = ''] = (request.url ?? '').split('?');
  const canonical = [
    request.method,
    path,
    query,
    ...names.map((name) => `${name}:${String(request.headers[name]).trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders,
    // S3 says itself what it has hashed.
    request.headers['x-amz-content-sha256'] ?? createHash('sha256').update(body).digest('hex'),
  ].join('\n');
  const hashed = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, hashed].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>(
      (key, part) => createHmac('sha256', key).update(part).digest(),
      `AWS4${TEST_CREDENTIALS.secretAccessKey}`,
    );
  return createHmac('sha256', key).update(text).digest('hex') === signature;
}
