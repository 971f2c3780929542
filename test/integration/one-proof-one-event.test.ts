/** Proofs that cover less than the event: each counts for one event, whatever else the request says. */
import { createHash, createHmac } from 'node:crypto';
import { createContext } from '../helpers/context.ts';

const { local, post } = await createContext({
  config: { sources: { mailgun: { provider: 'mailgun' }, twilio: { provider: 'twilio' } } },
  secrets: { mailgun: ['mailgun-key'], twilio: ['twilio-token'] },
});

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'content-type': 'application/json' };

describe('row 1: a captured webhook of Mailgun', () => {
  const token = 'genuine-token-of-mailgun-0123456789';
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', 'mailgun-key').update(timestamp).update(token).digest('hex');
  const proof = { timestamp, token, signature };
  const forged = (named: string) =>
    JSON.stringify({
      signature: { token: named },
      token: named,
      'event-data': { event: 'unsubscribed', recipient: 'victim@example.com' },
    });

  test('forges no event: the token that was verified is the key, and counts once', async () => {
    const genuine = JSON.stringify({ signature: proof, 'event-data': { event: 'opened' } });
    const first = await post('mailgun', genuine, JSON_BODY);
    expect(first.headers.get('inlet-outcome')).toBe('accepted');
    expect(first.headers.get('inlet-delivery')).toBe(`mailgun/${token}`);
    const form = (more: Record<string, string>) => new URLSearchParams({ ...proof, ...more }).toString();
    const forgeries = [
      [form({ payload: forged('another-token') }), FORM],
      [form({ 'signature[token]': 'another-token', 'event-data[event]': 'unsubscribed' }), FORM],
      [JSON.stringify({ ...JSON.parse(forged('another-token')), signature: proof }), JSON_BODY],
    ] as const;
    for (const [body, headers] of forgeries) {
      const { headers: answered } = await post('mailgun', body, headers);
      expect([answered.get('inlet-outcome'), answered.get('inlet-delivery')]).toEqual([
        'duplicate',
        `mailgun/${token}`,
      ]);
    }
  });
});

describe('row 9: a captured webhook of Twilio', () => {
  const form = (fields: readonly (readonly [string, string])[]) =>
    new URLSearchParams(fields as [string, string][]).toString();
  const signatureOf = (query: string, fields = '') =>
    createHmac('sha1', 'twilio-token')
      .update(`${local.url}/webhooks/twilio${query}${fields}`)
      .digest('base64');
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const send = (signature: string, query: string, body: string, headers: Record<string, string> = FORM) =>
    post('twilio', body, { ...headers, 'x-twilio-signature': signature }, query);

  test('counts once, wherever a letter of it is moved to, and whatever unsigned token it has', async () => {
    const fields = [
      ['Body', 'hello'],
      ['From', '+1'],
      ['MessageSid', 'SM1'],
      ['MessageStatus', 'sent'],
    ] as const;
    const signature = signatureOf('?hook=1', fields.flat().join(''));
    const first = await send(signature, '?hook=1', form(fields));
    expect(first.headers.get('inlet-outcome')).toBe('accepted');
    const id = first.headers.get('inlet-delivery');
    const [body, from, sid, status] = fields;
    const moved: readonly (readonly [string, string])[] = [
      ['?hook=1', form([body, from, ['MessageSidS', 'M1'], status])],
      ['?hook=1', form([body, from, sid, ['MessageStatuss', 'ent']])],
      ['?hook=1', form([['', fields.flat().join('')]])],
      ['?hook=1', form(fields.flatMap(([name, value]) => [['', name + value] as const]))],
      ['?hook=1Body', form([['hello', ''], from, sid, status].sort() as typeof moved)],
      [`?hook=1${fields.flat().join('')}`, ''],
    ];
    for (const [query, altered] of moved) {
      for (const token of ['', 'a', 'b']) {
        const again = await send(signature, query, altered, { ...FORM, 'i-twilio-idempotency-token': token });
        const { status: answered, headers } = again;
        const delivery = headers.get('inlet-delivery');
        // Either it proves nothing, or it is the event that was there already.
        expect([answered, delivery, query, altered]).toEqual(
          answered === 401 ? [401, null, query, altered] : [200, id, query, altered],
        );
        if (answered !== 401) expect(headers.get('inlet-outcome')).toBe('duplicate');
      }
    }
  });

  test('does not lend its signature to another body by a hash in the text of a message', async () => {
    const forged = '{"id":"EV1","specversion":"1.0","type":"forged"}';
    const fields = [
      ['Body', `?bodySHA256=${sha256(forged)}&`],
      ['From', '+1'],
    ] as const;
    const signature = signatureOf('?hook=1', fields.flat().join(''));
    expect((await send(signature, '?hook=1', form(fields))).status).toBe(200);
    const query = `?hook=1${fields.flat().join('')}`;
    expect((await send(signature, query, forged, JSON_BODY)).status).toBe(401);
  });

  test('is no form where the hash of its body is signed', async () => {
    const body = '{"id":"EV2","specversion":"1.0","type":"genuine"}';
    const query = `?bodySHA256=${sha256(body)}`;
    const genuine = await send(signatureOf(query), query, body, JSON_BODY);
    expect([genuine.status, genuine.headers.get('inlet-delivery')]).toEqual([200, 'twilio/EV2']);
    expect((await send(signatureOf(query), query, body, FORM)).status).toBe(401);
  });
});
