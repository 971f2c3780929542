import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { parseEventQuery } from '../../../functions/api/event-query.ts';
import { listEvents } from '../../../functions/api/list-events.ts';
import { listingPartition } from '../../../functions/store/ledger/entry.ts';
import { type Deployment, startDeployment } from './deployment.ts';

let deployment: Deployment;

beforeAll(async () => {
  deployment = await startDeployment();
});

afterAll(() => deployment.close());

test('a key that a crash left in the listing does not show its event twice', async () => {
  await deployment.seed({ id: 'once', state: 'applied', receivedAt: 20_000 });
  const { dynamodb } = deployment.setup;
  const leftBehind = { id: { S: 'dotdigital#once' }, listing: { S: listingPartition('dotdigital', 'once') } };
  // The index as such a crash leaves it: the key of the first attempt beside that of the second.
  const crashed = new Proxy(dynamodb, {
    get: (target, name) =>
      name !== 'send'
        ? Reflect.get(target, name)
        : async (command: Parameters<typeof dynamodb.send>[0]) => {
            const answer = await target.send(command);
            const values = command instanceof QueryCommand && command.input.ExpressionAttributeValues;
            const asked = Object.values(values || {}).some(({ S }) => S === leftBehind.listing.S);
            if (!asked || !('Items' in answer)) return answer;
            return {
              ...answer,
              Items: [...(answer.Items ?? []), { ...leftBehind, receivedAt: { N: '10000' } }],
            };
          },
  });
  const { events } = await listEvents(
    { ...deployment.parts, dynamodb: crashed },
    parseEventQuery(new URLSearchParams()),
  );
  expect(events.map(({ id }) => id)).toEqual(['once']);
});
