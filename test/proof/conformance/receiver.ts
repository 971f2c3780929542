import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditReport, EventDetail, SubjectState } from '../../../functions/api/types.ts';
import { type ServerProcess, startServer } from '../../helpers/server-process.ts';
import { signDotdigital } from '../../helpers/sign.ts';
import { waitFor } from '../../helpers/wait-for.ts';

/** Made up for these tests; they stand in no answer, no log line and no error. */
export const SECRETS = {
  dotdigital: 'canary-secret-of-dotdigital-0123456789',
  shop: 'canary-secret-of-the-shop-0123456789',
  stripe: 'whsec_canary_secret_of_stripe_0123456789',
};
export const TOKEN = 'canary-token-of-the-read-api';
export const API_KEY = 'k'.repeat(32);
export const ISSUER = 'https://issuer.example.com/oauth2/default';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' };

const config = {
  sources: {
    dotdigital: { provider: 'dotdigital' },
    shop: { provider: 'chargify', handler: 'fulfil-order' },
    stripe: { provider: 'stripe' },
    fortellis: {
      provider: 'fortellis',
      options: { apiKey: API_KEY, issuer: ISSUER, jwks: { keys: [jwk] } },
    },
  },
};

/** `npm start` as a provider sees it: a URL that can be down, and nothing else. */
export class Receiver {
  readonly folder = mkdtempSync(join(tmpdir(), 'inlet-conformance-'));
  /** Everything that any of its processes has printed. */
  readonly printed: string[] = [];
  #server: ServerProcess | undefined;

  get url(): string {
    if (!this.#server) throw new Error('the receiver is down');
    return this.#server.url;
  }

  get pid(): number {
    return this.#server?.child.pid ?? 0;
  }

  get gone(): boolean {
    const { exitCode = null, signalCode = null } = this.#server?.child ?? {};
    return exitCode !== null || signalCode !== null;
  }

  async start(environment: Record<string, string> = {}): Promise<void> {
    const INLET_CONFIG = join(this.folder, 'config.json');
    writeFileSync(INLET_CONFIG, JSON.stringify(config));
    const { fortellis: _, ...named } = { fortellis: '', ...SECRETS };
    const secrets = Object.fromEntries(Object.entries(named).map(([name, secret]) => [name, [secret]]));
    this.#server = await startServer({
      INLET_CONFIG,
      INLET_DATA: join(this.folder, 'data'),
      INLET_TOKEN: TOKEN,
      INLET_SECRETS: JSON.stringify(secrets),
      ...environment,
    });
    const keep = (chunk: unknown) => void this.printed.push(String(chunk));
    this.#server.child.stdout?.on('data', keep);
    this.#server.child.stderr?.on('data', keep);
  }

  kill(): Promise<void> {
    return this.#server?.kill() ?? Promise.resolve();
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  post(source: string, body: string | Buffer, headers: Record<string, string>, init: RequestInit = {}) {
    return fetch(`${this.url}/webhooks/${source}`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers,
      ...init,
    });
  }

  /** Writes bytes as they are and hangs up without waiting for the answer. */
  async writeAndHangUp(text: string): Promise<void> {
    const { hostname, port } = new URL(this.url);
    const socket = connect(Number(port), hostname);
    await new Promise<void>((resolve) => socket.write(text, () => resolve()));
    socket.destroy();
  }

  async api<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
    return (await response.json()) as T;
  }

  subject(source: string, subject: string): Promise<SubjectState> {
    return this.api(`/api/subjects/${source}/${subject}`);
  }

  settled(source: string, id: string): Promise<EventDetail> {
    return waitFor(async () => {
      const event = await this.api<EventDetail>(`/api/events/${source}/${id}`);
      return event.settledAt ? event : undefined;
    });
  }

  /** The books, when nothing is in flight any more. */
  audit(): Promise<AuditReport> {
    return waitFor(
      async () => {
        const report = await this.api<AuditReport>('/api/audit');
        return report.total.inFlight === 0 && report.queues.messages === 0 && report;
      },
      { intervalMs: 50 },
    );
  }
}

export interface Signed {
  readonly id: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

let counter = 0;

/** One state of one message; without a message a new one. */
export function message(
  state: 'sent' | 'delivered' | 'read',
  name = `m${++counter}`,
): Signed & { subject: string } {
  const revision = ['sent', 'delivered', 'read'].indexOf(state);
  const id = `${name}-${state}`;
  const body = JSON.stringify({
    eventId: id,
    apiSpaceId: 'space',
    name: `message.${state}`,
    payload: { id: name, details: { channel: 'sms' } },
    revision,
  });
  return { id, body, subject: `space:message:${name}`, headers: signDotdigital(body, SECRETS.dotdigital) };
}

export function payment(): Signed {
  const id = String(7_000 + ++counter);
  const body = `id=${id}&event=payment_success&payload[subscription][customer][id]=9`;
  return { id, body, headers: signPayment(body) };
}

export function signPayment(body: string, secret = SECRETS.shop): Record<string, string> {
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'X-Chargify-Webhook-Signature-Hmac-Sha-256': createHmac('sha256', secret).update(body).digest('hex'),
  };
}

/** `offset`: seconds between its time stamp and now. */
export function invoice(offset = 0): Signed {
  const id = `evt_${++counter}`;
  const body = JSON.stringify({ id, object: 'event', type: 'invoice.paid' });
  const time = Math.floor(Date.now() / 1000) + offset;
  const signature = createHmac('sha256', SECRETS.stripe).update(`${time}.${body}`).digest('hex');
  return {
    id,
    body,
    headers: { 'content-type': 'application/json', 'Stripe-Signature': `t=${time},v1=${signature}` },
  };
}

export function bearer(claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const common = { iss: ISSUER, aud: 'api_providers', sub: API_KEY, cid: API_KEY, iat: now, exp: now + 60 };
  const content = `${encode({ alg: 'RS256', kid: 'k1' })}.${encode({ ...common, ...claims })}`;
  return `Bearer ${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
}

/** A request as it goes over the wire. */
export function wire(source: string, { body, headers }: Signed, part = body): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = Buffer.byteLength(body);
  return `POST /webhooks/${source} HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n${lines.join('')}\r\n${part}`;
}
