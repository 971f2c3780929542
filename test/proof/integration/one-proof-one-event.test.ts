/** Proofs that cover less than the event: each counts for one event, whatever else the request says. */
import { createHash, createHmac, sign } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AuditReport, EventDetail } from '../../../functions/api/types.ts';
import { describeDelivery } from '../../../functions/facts/describe.ts';
import { createContext } from '../../helpers/context.ts';
import { withCrc } from '../../helpers/same-crc.ts';
import { pack } from '../../unit/providers/request.ts';
import { selfSigned } from '../../unit/providers/self-signed.ts';

const CERTIFICATE_URL = 'https://api.paypal.com/v1/notifications/certs/CERT-1';
const { pem, privateKey } = selfSigned();

const { local, post, api, waitFor, logged } = await createContext({
  config: {
    sources: {
      mailgun: { provider: 'mailgun' },
      twilio: { provider: 'twilio' },
      paypal: { provider: 'paypal', options: { certificates: { [CERTIFICATE_URL]: pem } } },
    },
  },
  secrets: { mailgun: ['mailgun-key'], twilio: ['twilio-token'], paypal: ['WEBHOOK1'] },
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

  test('is no batch, whatever its fields are called', async () => {
    const fields = [
      ['0[MessageSid]', 'SM2'],
      ['0[MessageStatus]', 'delivered'],
      ['1[MessageSid]', 'SM3'],
      ['1[MessageStatus]', 'delivered'],
    ] as const;
    const body = form(fields);
    for (const headers of [FORM, {}]) {
      const request = { body: Buffer.from(body), headers, subpath: '', receivedAt: 0, proofId: 'proof' };
      const delivery = describeDelivery(
        { provider: pack('twilio'), config: { provider: 'twilio' } },
        request,
      );
      expect(delivery).toMatchObject({ kind: 'event', facts: { id: 'proof', type: undefined } });
    }
    const sent = await send(signatureOf('?hook=2', fields.flat().join('')), '?hook=2', body);
    const path = `/api/events/${sent.headers.get('inlet-delivery')}`;
    await waitFor(async () => ((await api(path)).body as EventDetail).settledAt);
    expect((await api(path)).body).toMatchObject({ state: 'applied', type: null });
  });

  test('has no id of its own among fields that can be cut otherwise', async () => {
    const signature = signatureOf('?hook=3', 'BodyididAspecversion1');
    const ids = [];
    for (const fields of [
      [
        ['Body', ''],
        ['id', 'idA'],
        ['specversion', '1'],
      ],
      [
        ['Body', 'id'],
        ['id', 'A'],
        ['specversion', '1'],
      ],
    ] as const) {
      const answer = await send(signature, '?hook=3', form(fields));
      expect(answer.status).toBe(200);
      ids.push(answer.headers.get('inlet-delivery'));
    }
    expect(new Set(ids).size).toBe(1);
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

describe('row 10: a captured webhook of PayPal', () => {
  const bodyOf = (id: string, more = '') =>
    `{"id":"${id}","event_type":"PAYMENT.CAPTURE.COMPLETED","resource_type":"capture"${more}}`;
  /** As PayPal sends it: only a CRC-32 of the body is signed. */
  const headersOf = (transmission: string, body: string) => {
    const time = new Date().toISOString();
    const content = `${transmission}|${time}|WEBHOOK1|${crc32(body)}`;
    return {
      ...JSON_BODY,
      'paypal-transmission-id': transmission,
      'paypal-transmission-time': time,
      'paypal-transmission-sig': sign('sha256', Buffer.from(content), privateKey).toString('base64'),
      'paypal-cert-url': CERTIFICATE_URL,
      'paypal-auth-algo': 'SHA256withRSA',
    };
  };
  const told = async (body: string, headers: Record<string, string>) => {
    const { status, headers: answered } = await post('paypal', body, headers);
    return [status, answered.get('inlet-outcome'), answered.get('inlet-delivery')];
  };

  test('forges no other event with a body of the same CRC, and its own counts once', async () => {
    const body = bodyOf('WH-GENUINE');
    const headers = headersOf('transmission-1', body);
    expect(await told(body, headers)).toEqual([
      200,
      'accepted',
      'paypal/WH-GENUINE:PAYMENT.CAPTURE.COMPLETED',
    ]);
    const forgeries = [
      withCrc(crc32(body), bodyOf('WH-FORGED', ',"x":"').slice(0, -1), '"}'),
      withCrc(crc32(body), '{"event_type":"no id","x":"', '"}'),
      withCrc(crc32(body), '[{"id":"WH-FORGED","x":"', '"}]'),
      withCrc(crc32(body), 'no JSON: ', ''),
    ];
    for (const forged of forgeries) {
      expect(crc32(forged)).toBe(crc32(body));
      expect(await told(forged, headers)).toEqual([401, 'rejected', null]);
    }
    expect(logged).toContainEqual(expect.objectContaining({ source: 'paypal', reason: 'proof-reused' }));
    expect(
      await told(withCrc(crc32(body), bodyOf('WH-GENUINE', ',"x":"').slice(0, -1), '"}'), headers),
    ).toEqual([200, 'duplicate', 'paypal/WH-GENUINE:PAYMENT.CAPTURE.COMPLETED']);
  });

  test('loses nothing genuine: not a retry, signed anew or not, and not a transmission of its own for one event', async () => {
    const body = bodyOf('WH-RESENT');
    const headers = headersOf('transmission-2', body);
    expect(await told(body, headers)).toEqual([
      200,
      'accepted',
      'paypal/WH-RESENT:PAYMENT.CAPTURE.COMPLETED',
    ]);
    const retry = bodyOf('WH-RESENT', ',"links":[]');
    for (const [text, given] of [
      [body, headers],
      [retry, headersOf('transmission-2', retry)],
      [body, headersOf('transmission-3', body)],
    ] as const) {
      expect(await told(text, given)).toEqual([
        200,
        'duplicate',
        'paypal/WH-RESENT:PAYMENT.CAPTURE.COMPLETED',
      ]);
    }
    const other = bodyOf('WH-OTHER');
    expect(await told(other, headersOf('transmission-4', other))).toEqual([
      200,
      'accepted',
      'paypal/WH-OTHER:PAYMENT.CAPTURE.COMPLETED',
    ]);
  });

  test('is counted as one event, and its signature is not kept', async () => {
    const body = bodyOf('WH-COUNTED');
    await told(body, headersOf('transmission-5', body));
    const shown = await waitFor(async () => {
      const { body: event } = await api('/api/events/paypal/WH-COUNTED:PAYMENT.CAPTURE.COMPLETED');
      return (event as EventDetail).settledAt ? (event as EventDetail) : undefined;
    });
    expect(Object.keys(shown.headers ?? {})).toContain('paypal-transmission-id');
    expect(Object.keys(shown.headers ?? {})).not.toContain('paypal-transmission-sig');
    const audit = await waitFor(async () => {
      const { body: report } = await api('/api/audit');
      return (report as AuditReport).total.inFlight === 0 ? (report as AuditReport) : undefined;
    });
    expect(audit).toMatchObject({ balanced: true, problems: [] });
    const { body: listed } = await api('/api/events?source=paypal');
    const ids = (listed as { events: readonly { id: string }[] }).events.map(({ id }) => id);
    expect(ids.map((id) => id.split(':')[0]).sort()).toEqual([
      'WH-COUNTED',
      'WH-GENUINE',
      'WH-OTHER',
      'WH-RESENT',
    ]);
    expect(audit.sources.paypal?.accepted).toBe(4);
  });
});
