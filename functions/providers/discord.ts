import type { HandshakeContext, Provider } from '../pack/provider.ts';

/** Interactions count from 1 (https://discord.com/developers/docs/interactions/receiving-and-responding). */
const interactions = ['', 'ping', 'application-command', 'message-component', 'autocomplete', 'modal-submit'];

interface Body {
  readonly type?: unknown;
  readonly event?: { readonly type?: unknown } | null;
}

function bodyOf({ request }: HandshakeContext): Body {
  try {
    return (JSON.parse(request.body.toString('utf8')) as Body | null) ?? {};
  } catch {
    return {};
  }
}

/** Discord: interactions and webhook events, both signed with Ed25519. */
export const provider: Provider = {
  name: 'discord',
  title: 'Discord',
  documentation: [
    'https://discord.com/developers/docs/interactions/overview',
    'https://discord.com/developers/docs/events/webhook-events',
  ],
  unverified: 'How old a request may be: Discord states no window, one day is allowed here.',
  verification: {
    kind: 'ed25519',
    encoding: 'hex',
    key: 'hex',
    signed: '{timestamp}{body}',
    signature: { header: 'x-signature-ed25519', form: { kind: 'bare' } },
    timestamp: {
      from: { header: 'x-signature-timestamp' },
      unit: 'seconds',
      toleranceSeconds: 86_400,
      futureSeconds: 300,
    },
  },
  secret: {
    description:
      'The public key of the application: Developer Portal → General Information. 64 hexadecimal digits.',
    // Seed and public key of RFC 8032, section 7.1, test 1: a key that everybody has.
    development:
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60' +
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    check: (secret) =>
      /^([0-9a-f]{64}|[0-9a-f]{128})$/i.test(secret)
        ? undefined
        : 'It is not 64 hexadecimal digits. Paste the public key, not the bot token or the client secret.',
  },
  events: {
    format: 'json',
    // Interactions have an id. The envelope of webhook events has none: those are known by their content.
    id: 'payload.id',
    type: ({ payload }) => {
      const { type, event } = (payload ?? {}) as Body;
      if (typeof event?.type === 'string') return event.type;
      return typeof type === 'number' ? `interaction.${interactions[type] ?? type}` : undefined;
    },
  },
  acknowledge: { status: 204 },
  handshakes: [
    {
      method: 'POST',
      when: 'after',
      answer: (context) => {
        const { type, event } = bodyOf(context);
        if (type === 0) return { status: 204 };
        // 1 is the ping of interactions, and the mark of every true webhook event.
        if (type !== 1 || event !== undefined) return undefined;
        return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"type":1}' };
      },
    },
  ],
  retries: {
    schedule: 'webhook events: with growing pauses for up to 10 min; interactions: none',
    timeoutSeconds: 3,
    periodSeconds: 600,
  },
  registration: [
    'Developer Portal → your application → Webhooks: enter {url} and choose the events.',
    'For interactions: General Information → Interactions Endpoint URL. Discord then waits for an answer of your ' +
      'own, which Inlet does not give: answer through the REST API.',
    'Discord checks both at once, with true and with false signatures.',
  ],
  samples: [
    {
      type: 'APPLICATION_AUTHORIZED',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          version: 1,
          application_id: '1234560123453231555',
          type: 1,
          event: {
            type: 'APPLICATION_AUTHORIZED',
            timestamp: '2026-01-01T00:00:00.000000',
            data: { user: { id: String(1_000_000 + seed) }, scopes: ['applications.commands'] },
          },
        }),
    },
  ],
};
