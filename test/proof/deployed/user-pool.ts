/**
 * Stands in for a Cognito user pool, as far as a function meets it: its key set over https, under the host name of AWS,
 * and access tokens that are signed with it. Functions reach it through their door as through a proxy, so that the
 * bundle needs no setting of its own for it: it fetches the keys from where it would on AWS.
 */
import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { at, type StackTemplate } from '../../helpers/template.ts';
import { selfSigned } from '../../unit/providers/self-signed.ts';
import { type Created, REGION, type Resolve } from './intrinsics.ts';

export interface UserPool {
  /** `host:port` of the key set. */
  readonly authority: string;
  /** File with the certificate that the host proves itself with. */
  readonly certificateFile: string;
  /** Host of the login page. */
  readonly loginHost: string;
  readonly clientId: string;
  /** As its tokens name it. */
  readonly issuer: string;
  /** Ends a tunnel to `authority`. */
  serve(socket: Duplex): void;
  /**
   * An access token for somebody in these groups.
   * @param keys `unknown`: signed by a key that is not in the key set.
   * @throws Error for a group that the template does not declare.
   */
  signIn(groups: readonly string[], keys?: 'known' | 'unknown'): string;
  close(): void;
}

export const POOL_ID = `${REGION}_standInPool`;
export const CLIENT_ID = 'stand-in-client';
const HOST = `cognito-idp.${REGION}.amazonaws.com`;
const ISSUER = `https://${HOST}/${POOL_ID}`;

/**
 * Starts the template's user pool and puts it, its client and its domain among what was created.
 * @throws Error unless there are one client, one domain and one group of the template's only pool.
 */
export function createUserPool(
  template: StackTemplate,
  created: Map<string, Created>,
  resolve: Resolve,
): UserPool {
  for (const [id] of template.ofType('AWS::Cognito::UserPool'))
    created.set(id, { ref: POOL_ID, attributes: {} });
  const ofPool = (type: string) => {
    const [[id, resource] = [], ...others] = template.ofType(type);
    if (!id || !resource || others.length > 0 || resolve(resource.Properties.UserPoolId) !== POOL_ID)
      throw new Error(`${type}: there has to be one, of the only user pool`);
    return { id, properties: resource.Properties };
  };
  const domain = ofPool('AWS::Cognito::UserPoolDomain');
  const domainName = String(resolve(domain.properties.Domain));
  created.set(domain.id, { ref: domainName, attributes: {} });
  const client = ofPool('AWS::Cognito::UserPoolClient');
  created.set(client.id, { ref: CLIENT_ID, attributes: {} });
  const group = String(resolve(ofPool('AWS::Cognito::UserPoolGroup').properties.GroupName));
  const minutes = Number(client.properties.AccessTokenValidity);
  if (at(client.properties, 'TokenValidityUnits.AccessToken') !== 'minutes')
    throw new Error('the validity of an access token is known here in minutes only');
  return startUserPool({ domainName, group, minutes });
}

/** A user pool with one client and one group. @param options `minutes`: the validity of its access tokens. */
export function startUserPool({
  domainName,
  group,
  minutes,
}: {
  readonly domainName: string;
  readonly group: string;
  readonly minutes: number;
}): UserPool {
  const known = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const unknown = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...known.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' };
  const { pem: cert, privateKey } = selfSigned(undefined, undefined, HOST);
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' });
  const server = createServer({ cert, key }, ({ url }, response) => {
    const found = url === `/${POOL_ID}/.well-known/jwks.json`;
    response.writeHead(found ? 200 : 404).end(JSON.stringify(found ? { keys: [jwk] } : {}));
  });
  const folder = mkdtempSync(join(tmpdir(), 'inlet-pool-'));
  const certificateFile = join(folder, 'certificate.pem');
  writeFileSync(certificateFile, cert);

  return {
    authority: `${HOST}:443`,
    certificateFile,
    loginHost: `${domainName}.auth.${REGION}.amazoncognito.com`,
    clientId: CLIENT_ID,
    issuer: ISSUER,
    serve: (socket) => void server.emit('connection', socket),
    signIn: (groups, keys = 'known') => {
      if (groups.some((name) => name !== group)) throw new Error(`the template has only the group ${group}`);
      const { privateKey } = keys === 'known' ? known : unknown;
      return token(accessClaims(groups, minutes), privateKey.export({ format: 'pem', type: 'pkcs8' }));
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html */
function accessClaims(groups: readonly string[], minutes: number) {
  const now = Math.floor(Date.now() / 1000);
  return {
    sub: randomUUID(),
    ...(groups.length > 0 && { 'cognito:groups': groups }),
    iss: ISSUER,
    version: 2,
    client_id: CLIENT_ID,
    token_use: 'access',
    scope: 'openid',
    auth_time: now,
    iat: now,
    exp: now + minutes * 60,
    jti: randomUUID(),
    username: 'somebody',
  };
}

function token(claims: unknown, key: string | Buffer): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: 'RS256', kid: 'one' })}.${encode(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}
