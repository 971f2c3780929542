/** SDKs of Standard Webhooks and of those who use it. */
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import type { Random } from '../fuzz/random.ts';
import { anyBody, jsonBody } from './bodies.ts';
import { against, type Oracle, textOf, withHeaders } from './harness.ts';
import { looseBase64, looseEnd, looseTime } from './known.ts';
import { load } from './sdks.ts';

interface Webhook {
  sign(id: string, at: Date, payload: string): string;
  verify(payload: string, headers: Readonly<Record<string, string>>, options?: object): unknown;
}

type WebhookClass = new (secret: string, options?: object) => Webhook;

const key = (random: Random) => `whsec_${random.bytes(24 + random.below(40)).toString('base64')}`;

const names = (family: 'webhook' | 'svix') =>
  [`${family}-signature`, `${family}-timestamp`, `${family}-id`] as const;

const headersOf = ({ headers }: WebhookRequest) => ({ ...headers });

/** Signs and verifies with the class that standardwebhooks and svix share. */
function standard(
  provider: string,
  sdk: string,
  family: 'webhook' | 'svix',
  create: (secret: string) => Webhook,
  more: Partial<Oracle> = {},
): Oracle {
  const [signature, timestamp, id] = names(family);
  return {
    provider,
    sdk,
    secret: key,
    body: sdk === 'svix' ? jsonBody : anyBody,
    proof: [signature, timestamp, id],
    sign: (r, secret, at) => {
      const seconds = Math.floor(at / 1000);
      const msg = `msg_${r.body.length}`;
      const value = create(secret).sign(msg, new Date(seconds * 1000), textOf(r));
      return withHeaders(r, { [id]: msg, [timestamp]: String(seconds), [signature]: value });
    },
    verify: (r, secret) => {
      create(secret).verify(textOf(r), headersOf(r), { jsonParse: false });
    },
    known: [looseTime(timestamp), looseEnd(signature)],
    ...more,
  };
}

against('Standard Webhooks', () => {
  const { Webhook } = load<{ Webhook: WebhookClass }>('standardwebhooks');
  return standard('standard-webhooks', 'standardwebhooks', 'webhook', (secret) => new Webhook(secret));
});

against('Svix', () => {
  const { Webhook } = load<{ Webhook: WebhookClass }>('svix');
  return standard('svix', 'svix', 'svix', (secret) => new Webhook(secret));
});

against('GitLab, by standardwebhooks', () => {
  const { Webhook } = load<{ Webhook: WebhookClass }>('standardwebhooks');
  return standard('gitlab', 'standardwebhooks', 'webhook', (secret) => new Webhook(secret));
});

against('Supabase, by standardwebhooks', () => {
  const { Webhook } = load<{ Webhook: WebhookClass }>('standardwebhooks');
  const create = (secret: string) => new Webhook(secret.replace('v1,', ''));
  return standard('supabase', 'standardwebhooks', 'webhook', create, {
    secret: (random) => `v1,${key(random)}`,
  });
});

against('BigCommerce, by standardwebhooks', () => {
  const { Webhook } = load<{ Webhook: WebhookClass }>('standardwebhooks');
  const create = (secret: string) => new Webhook(secret, { format: 'raw' });
  return standard('bigcommerce', 'standardwebhooks', 'webhook', create, {
    secret: (random) => random.bytes(32).toString('hex'),
  });
});

against('Resend', () => {
  interface Resend {
    readonly webhooks: {
      verify(given: { payload: string; headers: object; webhookSecret: string }): unknown;
    };
  }
  const { Resend } = load<{ Resend: new (key: string) => Resend }>('resend');
  const { webhooks } = new Resend('re_none');
  const [signature, timestamp, id] = names('svix');
  return {
    provider: 'resend',
    sdk: 'resend',
    secret: key,
    body: jsonBody,
    proof: [signature, timestamp, id],
    verify: (r, webhookSecret) => {
      const { [id]: msg, [timestamp]: time, [signature]: value } = r.headers;
      webhooks.verify({
        payload: textOf(r),
        headers: { id: msg, timestamp: time, signature: value },
        webhookSecret,
      });
    },
    known: [looseTime(timestamp), looseEnd(signature)],
  };
});

against('Clerk', () => {
  interface Clerk {
    verifyWebhook(request: Request, options: { signingSecret: string }): Promise<unknown>;
  }
  const sdk = '@clerk/backend';
  const { verifyWebhook } = load<Clerk>(`${sdk}/webhooks`);
  const [signature, timestamp, id] = names('svix');
  return {
    provider: 'clerk',
    sdk,
    secret: key,
    body: jsonBody,
    proof: [signature, timestamp, id],
    verify: (r, signingSecret) => {
      const init = { method: 'POST', headers: headersOf(r), body: textOf(r) };
      return verifyWebhook(new Request('https://hooks.example.com/', init), { signingSecret });
    },
    known: [looseTime(timestamp), looseEnd(signature)],
  };
});

against('OpenAI', () => {
  interface OpenAi {
    readonly webhooks: {
      verifySignature(body: string, headers: object, secret: string): Promise<void>;
    };
  }
  const { OpenAI } = load<{ OpenAI: new (options: object) => OpenAi }>('openai');
  const { webhooks } = new OpenAI({ apiKey: 'none' });
  return {
    provider: 'openai',
    sdk: 'openai',
    secret: key,
    proof: names('webhook'),
    verify: (r, secret) => webhooks.verifySignature(textOf(r), headersOf(r), secret),
    known: [looseBase64],
  };
});
