/** `inlet doctor`: one line a check, and what to do. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Check } from '../../../cli/check.ts';
import type { CliError } from '../../../cli/cli-error.ts';
import { doctor } from '../../../cli/doctor.ts';
import { auditCheck, dataCheck, nodeCheck } from '../../../cli/doctor-checks.ts';
import { clockCheck } from '../../../cli/doctor-network.ts';
import type { AuditReport } from '../../../functions/api/types.ts';
import { createContext } from '../../helpers/context.ts';
import { inlet } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'inlet-doctor-'));
const configFile = join(folder, 'config.json');
const config = {
  sources: { shop: { provider: 'chargify' }, tasks: { provider: 'tasks' }, mail: { provider: 'resend' } },
};
writeFileSync(configFile, JSON.stringify(config));
const { local } = await createContext({ config });
afterAll(() => rmSync(folder, { recursive: true }));

/** In this process, because starting one takes longer than all checks. */
async function diagnose(
  environment: Record<string, string>,
  { human = false, json = false, url = local.url, token = local.token } = {},
) {
  const lines: string[] = [];
  const output = { human, json, width: 200, line: (text: string) => void lines.push(text) };
  const before = process.env.INLET_CONFIG;
  process.env.INLET_CONFIG = environment.INLET_CONFIG ?? configFile;
  try {
    await doctor(output, { url, token }, { INLET_DATA: folder, ...environment });
    return { lines, problem: undefined };
  } catch (error) {
    return { lines, problem: error as CliError };
  } finally {
    if (before === undefined) delete process.env.INLET_CONFIG;
    else process.env.INLET_CONFIG = before;
  }
}

/** The checks by name, of `--json`. */
async function checks(environment: Record<string, string>, options: { url?: string; token?: string } = {}) {
  const { lines, problem } = await diagnose(environment, { ...options, json: true });
  const report = JSON.parse(lines.join('')) as { ok: boolean; checks: Check[] };
  expect(report.ok).toBe(problem === undefined);
  return {
    code: problem?.exitCode ?? 0,
    of: Object.fromEntries(report.checks.map((check) => [check.name, check])),
  };
}

test('a healthy Inlet: one line a check, 0', async () => {
  const { code, out, err } = await inlet(['doctor', '--url', local.url, '--token', local.token], {
    env: { INLET_CONFIG: configFile, INLET_DATA: folder },
  });
  expect([code, err]).toEqual([0, '']);
  const rows = out
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  expect(rows.map(([verdict, name]) => `${verdict} ${name}`)).toEqual([
    'ok node',
    'ok configuration',
    'ok secret shop',
    'ok secret tasks',
    'ok secret mail',
    'ok data folder',
    'ok server',
    'ok clock',
    'ok url shop',
    'ok url tasks',
    'ok url mail',
    'ok audit',
  ]);
});

test('a secret of the wrong form is wrong and is not shown', async () => {
  const { lines, problem } = await diagnose({ INLET_SECRETS: '{"mail":["whsec_not base64!"]}' });
  expect(lines.join()).not.toContain('not base64!');
  const line = lines.find((text) => text.includes('secret mail')) ?? '';
  expect(line.split('\t')[0]).toBe('wrong');
  expect(line).toContain('inlet secret set mail');
  expect([problem?.exitCode, problem?.message]).toEqual([1, '1 of 12 checks are wrong.']);
});

test('a source that the server does not have, and a configuration with mistakes', async () => {
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, JSON.stringify({ sources: { shop: { provider: 'nobody' } } }));
  const { code, of } = await checks({ INLET_CONFIG: broken });
  expect(code).toBe(1);
  expect(of.configuration).toMatchObject({ verdict: 'wrong', advice: expect.stringContaining('no pack') });
  // The rest does not depend on it.
  expect(of.audit?.verdict).toBe('ok');
});

test('URLs that lead elsewhere', async () => {
  const elsewhere = join(folder, 'elsewhere.json');
  writeFileSync(elsewhere, JSON.stringify({ ...config, publicUrl: 'http://127.0.0.1:1' }));
  const { code, of } = await checks({ INLET_CONFIG: elsewhere });
  expect(code).toBe(1);
  expect(of['url shop']).toMatchObject({ verdict: 'wrong', advice: expect.stringContaining('publicUrl') });
});

test('no server, and a wrong token', async () => {
  const { of } = await checks({}, { token: 'wrong' });
  expect(of.server).toMatchObject({ verdict: 'wrong', advice: expect.stringContaining('INLET_TOKEN') });
  const gone = await checks({}, { url: 'http://127.0.0.1:1' });
  expect(gone.code).toBe(1);
  expect(gone.of.server).toMatchObject({ verdict: 'wrong', advice: expect.stringContaining('npm start') });
  expect(gone.of).not.toHaveProperty('audit');
});

test('for a person it is coloured, with the advice below', async () => {
  const { lines } = await diagnose({ INLET_DATA: 'memory' }, { human: true });
  expect(lines[1]).toBe('\u001b[32mok   \u001b[39m configuration  3 sources');
  expect(lines).toContain('\u001b[33mwarn \u001b[39m data folder    in memory: nothing outlives the server');
  expect(lines.join('\n')).toContain('Set INLET_DATA to a folder to keep events.');
});

describe('single checks', () => {
  test('the clock: more than a minute off is told, in either direction', () => {
    const date = 'Sun, 22 Nov 2026 10:00:00 GMT';
    const at = (seconds: number) => clockCheck(date, Date.parse(date) + 500 + seconds * 1000);
    expect(at(59).verdict).toBe('ok');
    expect(at(61)).toMatchObject({ verdict: 'wrong', message: 'this computer is 61 s ahead of the server' });
    expect(at(-300)).toMatchObject({ verdict: 'wrong', message: 'this computer is 300 s behind the server' });
    expect(clockCheck(null, 0).verdict).toBe('warn');
  });

  test('the data folder', () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    expect(dataCheck({ INLET_DATA: file }).verdict).toBe('wrong');
    expect(dataCheck({ INLET_DATA: join(file, 'below') }).verdict).toBe('wrong');
    mkdirSync(join(folder, 'there'));
    expect(dataCheck({ INLET_DATA: join(folder, 'there') }).verdict).toBe('ok');
    expect(dataCheck({ INLET_DATA: join(folder, 'not', 'yet') }).message).toContain('will be created');
  });

  test('the audit and the version', () => {
    const total = { accepted: 2, applied: 1, stale: 0, quarantined: 0, dead: 1, inFlight: 0, unconfirmed: 0 };
    const report: AuditReport = {
      balanced: true,
      total,
      sources: {},
      problems: [],
      queues: { messages: 0, waiting: 0 },
      missing: { count: 0, ids: [] },
      overdue: { count: 0, ids: [] },
      withoutMessage: { count: 0, ids: [] },
    };
    expect(auditCheck(report)).toMatchObject({ verdict: 'warn', message: 'balanced; 0 quarantined, 1 dead' });
    expect(auditCheck({ ...report, overdue: { count: 1, ids: [] } }).verdict).toBe('warn');
    expect(auditCheck({ ...report, balanced: false }).verdict).toBe('wrong');
    expect(nodeCheck('22.20.0').verdict).toBe('warn');
  });
});
