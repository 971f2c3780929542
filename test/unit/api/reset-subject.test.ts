import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { audit } from '../../../functions/api/audit.ts';
import { resetSubject } from '../../../functions/api/reset-subject.ts';
import { number, text } from '../../../functions/aws/dynamodb.ts';
import { type Deployment, startDeployment } from './deployment.ts';

let deployment: Deployment;

/** A subject that stands at 9, and the event that brought it there. */
beforeEach(async () => {
  deployment = await startDeployment();
  await deployment.seed({ id: 'wrong', subject: 's', revision: '9', state: 'applied' });
  await subject({ revision: number(9) });
});

afterEach(() => deployment.close());

const subject = (more: Parameters<Deployment['put']>[1]) =>
  deployment.put('subjects', {
    id: text('dotdigital#s'),
    eventId: text('wrong'),
    state: text('read'),
    ...more,
  });
const stands = async () => (await deployment.call('GET', '/api/subjects/dotdigital/s')).body;

test('a preview says where it stands, and lifts nothing', async () => {
  const preview = await resetSubject(deployment.parts, 'dotdigital', 's', { dryRun: true });
  expect(preview).toMatchObject({ was: { revision: 9, event: 'wrong' }, reset: false });
  expect(await stands()).toMatchObject({ revision: 9 });
  expect(await stands()).not.toHaveProperty('reset');
});

test('what was applied below a revision that was lifted is no problem of the audit', async () => {
  expect(await resetSubject(deployment.parts, 'dotdigital', 's')).toMatchObject({ reset: true });
  expect(await stands()).toMatchObject({ revision: null, reset: { revision: 9 } });
  const problems = async () => (await audit(deployment.parts, { patienceMs: 0 })).problems;
  expect(await problems()).toEqual([]);
  await subject({ revision: number(2), resetFrom: number(3) });
  expect(await problems()).toMatchObject([{ id: 'wrong', problem: expect.stringMatching(/stands at 2/) }]);
});
