/** What the audit finds wrong in the ledger itself: against the subjects, and in states. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { audit } from '../../../functions/api/audit.ts';
import { number, text } from '../../../functions/aws/dynamodb.ts';
import { type Deployment, startDeployment } from './deployment.ts';

let deployment: Deployment;

beforeEach(async () => {
  deployment = await startDeployment();
});

afterEach(() => deployment.close());

describe('audit', () => {
  test('finds a subject that fell behind what was applied to it', async () => {
    const big = '12345678901234567890';
    for (const subject of ['ahead', 'even', 'behind', 'missing']) {
      await deployment.seed({ id: `${subject}-1`, state: 'applied', subject, revision: '3' });
      await deployment.seed({ id: `${subject}-2`, state: 'applied', subject, revision: big });
    }
    const put = (id: string, revision: string) =>
      deployment.put('subjects', { id: text(`dotdigital#${id}`), revision: number(revision) });
    await put('ahead', '12345678901234567891');
    await put('even', big);
    await put('behind', '12345678901234567889');
    const report = await audit(deployment.parts);
    expect(report.balanced).toBe(false);
    expect([...report.problems].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      {
        source: 'dotdigital',
        id: 'behind-2',
        problem: expect.stringContaining('stands at 12345678901234567889'),
      },
      { source: 'dotdigital', id: 'missing-2', problem: expect.stringContaining('does not exist') },
    ]);
  });

  test('finds what was called stale although its subject had not moved on', async () => {
    for (const subject of ['ahead', 'even', 'behind', 'missing']) {
      await deployment.seed({ id: `${subject}-1`, state: 'applied', subject, revision: '1' });
      await deployment.seed({ id: `${subject}-3`, state: 'stale', subject, revision: '3' });
    }
    // Its own subject: nothing else can have been newer.
    await deployment.seed({ id: 'own', state: 'stale', revision: '3' });
    for (const [id, revision] of [
      ['ahead', '4'],
      ['even', '3'],
      ['behind', '2'],
    ] as const) {
      await deployment.put('subjects', { id: text(`dotdigital#${id}`), revision: number(revision) });
    }
    const report = await audit(deployment.parts);
    expect(report.balanced).toBe(false);
    expect([...report.problems].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      {
        source: 'dotdigital',
        id: 'behind-3',
        problem: 'labelled stale at revision 3, but its subject behind stands at 2',
      },
      {
        source: 'dotdigital',
        id: 'missing-3',
        problem: 'labelled stale at revision 3, but its subject missing does not exist',
      },
    ]);
  });

  test('does not balance with an entry in a state that nothing writes', async () => {
    await deployment.put('ledger', {
      id: text('dotdigital#odd'),
      source: text('dotdigital'),
      key: text('odd'),
      state: text('lost'),
    });
    const report = await audit(deployment.parts);
    expect(report.balanced).toBe(false);
    expect(report.problems[0]?.id).toBe('odd');
  });
});
