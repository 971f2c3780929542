/** `inlet drill`: what it refuses, and what it says before it starts. */
import { describe, expect, test } from '@jest/globals';
import { chooseSources } from '../../../cli/drill/choose-sources.ts';
import { planOf } from '../../../cli/drill/plan.ts';
import { inlet } from './command.ts';

describe('the command', () => {
  test.each([
    [[], "required option '--stage <name>'"],
    [['--stage', 'prod'], 'prod is a production stage'],
    [['--stage', 'dev', '--only', 'nothing'], '--only nothing: write traffic or alarms.'],
    [['--stage', 'Not A Stage'], 'cannot be used'],
  ])('refuses %j', async (words, message) => {
    const { code, err, out } = await inlet(['drill', ...words]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  test('says what it would do without asking anybody', async () => {
    const { code, err, out } = await inlet(['drill', '--stage', 'prod', '--production', '--dry-run']);
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('A drill of the stage prod takes 35 to 60 minutes');
    expect(err).toContain('webhooks are answered 503');
  }, 60_000);

  test('says less of the traffic alone', async () => {
    const short = await inlet(['drill', '--stage', 'dev', '--only', 'traffic', '--dry-run']);
    expect(short.err).toContain('takes about 5 minutes');
    expect(short.err).not.toContain('event sources');
    expect(short.err).not.toContain('quarantined');
    // Of dotdigital, enterprise-communications and tasks: 3 × 5, a large one, a batch, the burst.
    expect(short.err).toContain('sends up to 67 webhooks');
  }, 60_000);
});

describe('sources', () => {
  const config = {
    sources: {
      shipped: { provider: 'chargify', handler: 'fulfil-order' },
      walled: { provider: 'tasks' },
      open: { provider: 'tasks' },
    },
    ingress: { firewall: { addresses: { walled: ['192.0.2.0/24'] } } },
  };

  test('whose handler would run, or whose firewall lets nobody else in, are left out', () => {
    const { chosen, leftOut } = chooseSources(config, false);
    expect(chosen.map(({ name }) => name)).toEqual(['open']);
    expect(leftOut).toEqual([
      'shipped: its handler fulfil-order would run on made-up events; --handlers lets it',
      expect.stringMatching(/^walled: the firewall lets in/),
    ]);
    expect(planOf('dev', config, undefined, false).join()).toContain('leaves out shipped: its handler');
  });

  test('run their handlers when that is asked for, and the plan says so', () => {
    expect(chooseSources(config, true).chosen.map(({ name }) => name)).toEqual(['shipped', 'open']);
    const plan = planOf('dev', config, undefined, true).join();
    expect(plan).toContain('RUNS THE HANDLER fulfil-order of shipped ON MADE-UP EVENTS');
    expect(plan).toContain('up to 63 webhooks');
    expect(planOf('dev', config, 'alarms', true).join()).toContain('one of them quarantined and one dead');
  });
});
