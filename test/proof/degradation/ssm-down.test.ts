/** SSM is down: known secrets go on working as long as the environment lives; a fresh one asks to come again. */
import { composeIngest } from '../../../functions/ingest/compose.ts';
import { createSsmSecrets } from '../../../functions/secrets/parameters.ts';
import { createParameterReader } from '../../../functions/secrets/ssm.ts';
import { createContext } from '../../helpers/context.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';
import { TEST_CREDENTIALS } from '../../helpers/sigv4.ts';
import { startSsm } from '../../helpers/ssm-server.ts';
import { gatewayEvent } from './gateway-event.ts';

const DAY = 86_400_000;
const secret = 'a secret that only SSM knows';
const { local } = await createContext();
const ssm = await startSsm({ '/inlet/dotdigital': JSON.stringify([secret]) });
afterAll(() => ssm.close());

/** A fresh environment of the ingest function. */
function environment() {
  let clock = Date.now();
  const options = { region: 'eu-west-1', credentials: async () => TEST_CREDENTIALS, endpoint: ssm.endpoint };
  const secrets = createSsmSecrets({
    path: '/inlet',
    read: createParameterReader(options),
    log: local.setup.log,
    now: () => clock,
  });
  const ingest = composeIngest({ ...local.setup, secrets });
  let count = 0;
  return {
    pass: (milliseconds: number) => {
      clock += milliseconds;
    },
    post: (signedWith = secret) => {
      const body = JSON.stringify(messageEvent(`ssm-${++count}-${clock}`, 'sent'));
      return ingest(gatewayEvent('dotdigital', body, signDotdigital(body, signedWith)));
    },
  };
}

const down = (attempts: number, fault: 'fail' | 'hang' = 'fail') =>
  ssm.faults.splice(0, ssm.faults.length, ...Array<'fail' | 'hang'>(attempts).fill(fault));

test('a warm environment goes on with the secrets it knows, for days, and asks at most every 5 s', async () => {
  const { post, pass } = environment();
  expect(await post()).toMatchObject({ statusCode: 202 });
  down(100);
  for (const later of [901_000, DAY, 3 * DAY]) {
    pass(later);
    expect(await post()).toMatchObject({ statusCode: 202 });
    expect(await post('a forger')).toMatchObject({ statusCode: 401 });
  }
  const asked = ssm.asked.length;
  for (let n = 0; n < 20; n++) await post();
  expect(ssm.asked.length).toBe(asked);
  down(0);
  ssm.parameters.set('/inlet/dotdigital', JSON.stringify(['rotated meanwhile', secret]));
  pass(5_000);
  expect(await post('rotated meanwhile')).toMatchObject({ statusCode: 202 });
});

test.each(['fail', 'hang'] as const)(
  'a fresh environment that meets a %s answers 503, never 401, in time',
  async (fault) => {
    const { post } = environment();
    down(2, fault);
    const started = performance.now();
    expect(await post()).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    expect(performance.now() - started).toBeLessThan(9_000);
    expect(await post()).toMatchObject({ statusCode: 202 });
  },
);
