/** Inputs that were slow once. */
import { matchWebhookPath } from '../../../functions/ingest/gateway-request.ts';
import { request, verdictOf } from '../../unit/providers/request.ts';
import { leastCpuMs, limitMs } from './cpu.ts';

const LIMIT_MS = await limitMs();

test('Braintree: a payload of line breaks with a letter behind them is read once', async () => {
  const text = `bt_signature=a|${'a'.repeat(40)}&bt_payload=${'\n'.repeat(100_000)}a`;
  const verify = async () =>
    expect(await verdictOf('braintree', request({ text }))).toMatchObject({ ok: false });
  expect(await leastCpuMs(verify, LIMIT_MS)).toBeLessThan(LIMIT_MS);
});

test('a path of slashes with a letter behind them is read once', async () => {
  const path = `/webhooks/a${'/'.repeat(100_000)}`;
  const match = () => expect(matchWebhookPath(`${path}b`)?.subpath).toBe(`${'/'.repeat(100_000)}b`);
  expect(await leastCpuMs(match, LIMIT_MS)).toBeLessThan(LIMIT_MS);
  expect(matchWebhookPath(path)).toEqual({ source: 'a', subpath: '' });
  expect(matchWebhookPath('/webhooks/a/event/')).toEqual({ source: 'a', subpath: '/event' });
});
