import type { Provider } from '../pack/provider.ts';
import { parseBody, UnreadableBody } from '../parsing/body.ts';

/** A JSON list, one JSON object, or one object a line: what the stream's Content Format says. */
function split(body: unknown): readonly unknown[] {
  const text = String(body).trim();
  const parse = (json: string) => parseBody('json', Buffer.from(json));
  if (text.startsWith('[')) {
    const list = parse(text);
    return Array.isArray(list) ? list : [list];
  }
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new UnreadableBody('The body is empty.');
  // An object may be written over several lines; lines of a list of objects each begin one.
  return lines.every((line) => line.startsWith('{') && line.trimEnd().endsWith('}'))
    ? lines.map(parse)
    : [parse(text)];
}

export const provider: Provider = {
  name: 'auth0',
  title: 'Auth0 log streams',
  documentation: [
    'https://auth0.com/docs/customize/log-streams/custom-log-streams',
    'https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes',
  ],
  unverified: 'How long Auth0 retries before it pauses a stream was not checked.',
  verification: { kind: 'shared-secret', header: 'authorization' },
  secret: {
    description: 'The Authorization Token of the log stream: the whole value of the header.',
    development: 'development-authorization-of-auth0',
    check: (secret) =>
      /^[\x20-\x7e]+$/.test(secret) ? undefined : 'A header carries ASCII characters only.',
  },
  events: {
    format: 'text',
    split,
    id: 'payload.log_id',
    type: { any: ['payload.data.type', 'payload.type'] },
    // No revision: entries of a log stand for themselves, none replaces another.
    tenant: 'payload.data.tenant_name',
  },
  acknowledge: { status: 200 },
  retries: {
    schedule: 'several times, then the stream is paused and can be started again where it stopped',
    periodSeconds: 7 * 86_400,
  },
  registration: [
    'Dashboard → Monitoring → Streams → Create Stream → Custom Webhook: Payload URL {url}, Authorization Token: the secret of this source.',
    'Content Type application/json; every Content Format is understood, "JSON Array" is best.',
  ],
  samples: [
    {
      type: 's',
      headers: { 'content-type': 'application/json' },
      body: (seed) => {
        const log_id = `902026010100000000000000${String(seed).padStart(16, '0')}`;
        return JSON.stringify([
          { log_id, data: { log_id, date: '2026-01-01T00:00:00.000Z', type: 's', client_id: 'sample' } },
        ]);
      },
    },
  ],
};
