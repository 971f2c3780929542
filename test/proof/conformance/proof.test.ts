/** Situations that a receiver of webhooks is judged by: signatures, bodies, secrets. */
import { signDotdigital } from '../../helpers/sign.ts';
import { bearer, invoice, message, payment, Receiver, SECRETS, signPayment, TOKEN } from './receiver.ts';

const receiver = new Receiver();
beforeAll(() => receiver.start());
afterAll(() => receiver.end());

/** Everything that any caller was answered in this file. */
const answers: string[] = [];

async function post(source: string, body: string | Buffer, headers: Record<string, string>) {
  const response = await receiver.post(source, body, headers);
  const text = await response.text();
  answers.push(text, JSON.stringify([...response.headers]));
  return { status: response.status, outcome: response.headers.get('inlet-outcome'), text };
}

async function expectRefused(source: string, body: string, headers: Record<string, string>) {
  const { total } = await receiver.audit();
  const { status, outcome, text } = await post(source, body, headers);
  expect([status, outcome]).toEqual([401, 'rejected']);
  expect(JSON.parse(text)).toEqual({ code: 401, message: expect.any(String) });
  expect((await receiver.audit()).total).toEqual(total);
}

test('7/16 a missing signature is refused', async () => {
  const { body } = payment();
  await expectRefused('shop', body, { 'content-type': 'application/x-www-form-urlencoded' });
});

test('8/16 a malformed signature is refused', async () => {
  const { body, headers } = payment();
  const [name = '', value = ''] = Object.entries(headers)[1] ?? [];
  for (const malformed of ['', 'xyz', value.slice(1), `${value}0`, `sha256=${value}`, `${value},${value}`]) {
    await expectRefused('shop', body, { ...headers, [name]: malformed });
  }
});

test('9/16 a signature by a wrong key is refused', async () => {
  const { body } = payment();
  await expectRefused('shop', body, signPayment(body, 'another secret of the same length'));
});

test('10/16 a stale signature is refused, a fresh one is not', async () => {
  for (const offset of [-301, 400]) {
    const { body, headers } = invoice(offset);
    await expectRefused('stripe', body, headers);
  }
  const { body, headers } = invoice(-290);
  expect(await post('stripe', body, headers)).toMatchObject({ status: 202, outcome: 'accepted' });
});

test('11/16 a body altered after signing is refused', async () => {
  const { body, headers } = payment();
  await expectRefused('shop', body.replace('id]=9', 'id]=8'), headers);
  await expectRefused('shop', `${body} `, headers);
});

test('12/16 a malformed body or content type is kept for inspection, and stops nobody', async () => {
  const bodies: [string | Buffer, string][] = [
    ['{"eventId":', 'application/json'],
    ['', 'application/json'],
    ['a=1&b=2', 'application/x-www-form-urlencoded'],
    ['<xml/>', 'text/xml; charset=nonsense'],
    [Buffer.from([0xff, 0x00, 0xfe]), 'application/octet-stream'],
    ['[1, "two", null]', '???'],
  ];
  const before = (await receiver.audit()).total;
  for (const [body, type] of bodies) {
    const headers = { ...signDotdigital(body, SECRETS.dotdigital), 'content-type': type };
    expect(await post('dotdigital', body, headers)).toMatchObject({ status: 202 });
  }
  const good = message('sent');
  expect(await post('dotdigital', good.body, good.headers)).toMatchObject({ status: 202 });
  expect((await receiver.settled('dotdigital', good.id)).state).toBe('applied');
  const { total, balanced } = await receiver.audit();
  expect(balanced).toBe(true);
  expect(total.quarantined - before.quarantined).toBeGreaterThanOrEqual(5);
});

test('16/16 secrets in headers, bodies and tokens are in no log, no answer and no error', async () => {
  const canary = 'canary-0f3a9c';
  const secretHeaders = {
    authorization: `Bearer ${canary}-authorization`,
    cookie: `session=${canary}-cookie`,
    'x-api-key': `${canary}-api-key`,
    'proxy-authorization': `Basic ${canary}-proxy`,
  };
  const good = payment();
  const body = `${good.body}&payload[card]=${canary}-card`;
  const headers = { ...signPayment(body), ...secretHeaders };
  expect((await post('shop', body, headers)).status).toBe(200);
  await post('shop', body, { ...headers, ...signPayment(body, `${canary}-secret`) });
  await post('shop', `{"${canary}-broken`, { ...signPayment(`{"${canary}-broken`), ...secretHeaders });
  await post('nobody', `${canary}-nobody`, secretHeaders);
  const tokens = [bearer({ jti: `${canary}-claim` }), bearer({ jti: `${canary}-claim`, sub: 'another' })];
  for (const authorization of tokens) {
    await post('fortellis', JSON.stringify({ card: `${canary}-card` }), {
      'content-type': 'application/json',
      'fortellis-event-id': 'token-event',
      authorization,
    });
  }
  const event = await receiver.settled('shop', good.id);
  const shown = JSON.stringify([event.headers, (await receiver.settled('fortellis', 'token-event')).headers]);
  await receiver.audit();
  await receiver.kill();

  const said = [...answers, ...receiver.printed].join('\n');
  expect(receiver.printed.join('')).toContain('"outcome":"rejected"');
  expect(said).not.toContain(canary);
  for (const secret of [...Object.values(SECRETS), TOKEN]) expect(said).not.toContain(secret);
  for (const token of tokens) expect(said + shown).not.toContain(token.split('.')[1]);
  for (const part of ['authorization', 'cookie', 'proxy', 'api-key']) {
    expect(shown).not.toContain(`${canary}-${part}`);
  }
});
