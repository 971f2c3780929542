import { afterAll, expect, test } from '@jest/globals';
import { queueDepth } from '../../../functions/api/queue-depth.ts';
import { startDeployment } from './deployment.ts';

const deployment = await startDeployment();
afterAll(() => deployment.close());

test('counts the messages of both queues, those with a worker too', async () => {
  await deployment.send('inbox');
  await deployment.receive('inbox');
  await deployment.send('inbox');
  await deployment.send('deadLetters');
  expect(await queueDepth(deployment.parts)).toEqual({ messages: 3, waiting: 2 });
});
