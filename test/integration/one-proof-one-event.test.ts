/** Proofs that cover less than the event: each counts for one event, whatever else the request says. */
import { createHmac } from 'node:crypto';
import { createContext } from '../helpers/context.ts';

const { post } = await createContext({
  config: { sources: { mailgun: { provider: 'mailgun' } } },
  secrets: { mailgun: ['mailgun-key'] },
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
