import { isText } from '../pack/option-rules.ts';
import type { Provider } from '../pack/provider.ts';
import type { ProviderOptions } from '../pack/request.ts';
import type { HmacScheme, Verification } from '../pack/scheme.ts';
import { hmacOptions, one, readForm, readTimestamp, templateOf, words } from './hmac-options.ts';

/** Options that were never checked (a captured request in `inlet verify`) refuse everything; they never throw. */
function schemeFor(given: ProviderOptions): Verification {
  const wrong = Object.entries(hmacOptions).find(([name, rule]) =>
    given[name] === undefined ? rule.required : rule.check?.(given[name], given),
  );
  const form = isText(given.prefix)
    ? { kind: 'prefix' as const, prefix: given.prefix }
    : readForm(given.form ?? { kind: 'bare' });
  const timestamp = given.timestamp === undefined ? undefined : readTimestamp(given.timestamp, given);
  if (wrong || typeof form === 'string' || typeof timestamp === 'string') {
    const hint = `options.${wrong?.[0] ?? 'form'} of this source is wrong or missing`;
    const covers = { headers: [], url: false, body: [] };
    return { kind: 'custom', covers, verify: () => ({ ok: false, reason: 'secret-malformed', hint }) };
  }
  return {
    kind: 'hmac',
    algorithm: one(given.algorithm, words.algorithm),
    encoding: one(given.encoding, words.encoding),
    key: one(given.key, words.key),
    signed: templateOf(given),
    signature: { header: String(given.header).toLowerCase(), form },
    ...(timestamp && { timestamp }),
  } satisfies HmacScheme;
}

/** Any sender that signs with an HMAC. */
export const provider: Provider = {
  name: 'hmac',
  title: 'Any sender: HMAC',
  documentation: ['https://www.rfc-editor.org/rfc/rfc2104'],
  verification: schemeFor,
  secret: {
    description: 'The key that the sender signs with, in the form that options.key names.',
    // Right for each form: text, hexadecimal digits, base64.
    development: 'deadbeefdeadbeefdeadbeefdeadbeef',
  },
  options: hmacOptions,
  events: {
    format: 'auto',
    // What is an id here only the operator knows: `delivery`, `subject` and `revision` of the source say so.
    type: { any: ['payload.type', 'payload.event', 'payload.event_type', () => 'event'] },
  },
  retries: { schedule: 'up to the sender', periodSeconds: 7 * 86_400 },
  registration: [
    'URL: {url}. The sender signs with the secret of this source, as options.signed and options.header say.',
    'Tell Inlet where the id of an event is: `delivery: "payload.…"` of the source. Default: a hash of the content.',
  ],
  samples: [
    {
      type: 'sample.created',
      headers: { 'content-type': 'application/json' },
      body: (seed) => JSON.stringify({ type: 'sample.created', number: seed }),
    },
  ],
};
