/** How the command line is used: the address, the token, help, and wrong words. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inlet } from './command.ts';
import { type LocalCli, startLocalCli } from './local-inlet.ts';

let cli: LocalCli;

beforeAll(async () => {
  cli = await startLocalCli();
});

afterAll(() => cli.stop());

describe('the address and the token', () => {
  test('a wrong token: 2 and where to find the right one', async () => {
    const result = await cli.run('events', '--token', 'wrong');
    expect(result).toMatchObject({ code: 2, err: expect.stringContaining('--token') });
  });

  test('nobody there: 2 and how to start it', async () => {
    for (const words of [['audit'], ['send', 'tasks']]) {
      const { code, err } = await cli.run(...words, '--url', 'http://127.0.0.1:1');
      expect([code, err]).toEqual([2, expect.stringContaining('npm start')]);
    }
  });

  test('are found by port, and in the environment', async () => {
    const byPort = await inlet(['sources'], {
      env: { ...cli.env, INLET_DATA: 'memory', PORT: String(cli.local.port) },
    });
    expect(byPort.code).toBe(0);
    const { url: INLET_URL, token: INLET_TOKEN } = cli.local;
    const byEnvironment = await inlet(['sources'], { env: { INLET_DATA: 'memory', INLET_URL, INLET_TOKEN } });
    expect(byEnvironment.code).toBe(0);
  });

  test('a stage and a URL at once, or a stage where none is taken: 2', async () => {
    const both = await cli.run('audit', '--stage', 'prod', '--url', cli.local.url);
    expect([both.code, both.err]).toEqual([2, 'Write either --stage or --url.\n']);
    const sent = await cli.run('send', 'tasks', '--stage', 'prod');
    expect([sent.code, sent.err]).toEqual([2, expect.stringContaining('inlet sources --stage prod')]);
  });
});

describe('usage', () => {
  test('help has examples, for every command', async () => {
    const commands = [
      '',
      'verify',
      'send',
      'audit',
      'events',
      'event',
      'replay',
      'reclaim',
      'dead list',
      'dead redrive',
      'sources',
      'tail',
      'doctor',
    ];
    const results = await Promise.all(
      commands.map((words) => cli.run(...words.split(' ').filter(Boolean), '--help')),
    );
    for (const { code, out } of results)
      expect([code, out]).toEqual([0, expect.stringContaining('Examples:')]);
  });

  test('an unknown command or option: 2', async () => {
    expect((await cli.run('nothing')).code).toBe(2);
    expect((await cli.run('audit', '--nothing')).code).toBe(2);
    expect((await cli.run()).code).toBe(2);
  });
});
