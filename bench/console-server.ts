/** The local server of `bench/console.ts`, with so many events stored. Prints one line with its URL and token. */
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { number, text } from '../functions/aws/dynamodb.ts';
import { encodeEnvelope } from '../functions/core/envelope.ts';
import { compress } from '../functions/store/compress.ts';
import { claimItem, ledgerId } from '../functions/store/ledger/entry.ts';
import { consoleAssets } from '../infra/bundle/console.ts';
import { startLocal } from '../local/stack.ts';

const count = Number(process.argv[2] ?? 10_000);
const source = { provider: 'tasks', unsigned: true } as const;
const inlet = await startLocal({
  config: { sources: { tasks: source, orders: source, refunds: source } },
  data: 'memory',
  port: 0,
  log: { log: () => {} },
});
const { dynamodb, tables } = inlet.setup;
const states = ['applied', 'applied', 'applied', 'applied', 'stale', 'applied', 'dead', 'quarantined'];

for (let start = 0; start < count; start += 25) {
  const items = Array.from({ length: Math.min(25, count - start) }, (_, n) => stored(start + n));
  await dynamodb.send(
    new BatchWriteItemCommand({
      RequestItems: {
        [tables.ledger]: items.map(({ entry }) => ({ PutRequest: { Item: entry } })),
        [tables.archive]: items.map(({ envelope }) => ({ PutRequest: { Item: envelope } })),
      },
    }),
  );
}
await consoleAssets();
console.log(JSON.stringify({ url: inlet.url, token: inlet.token }));
process.on('SIGTERM', () => void inlet.stop().then(() => process.exit(0)));

/** An event that came in some time ago, as the worker leaves it. */
function stored(n: number) {
  const name = ['tasks', 'orders', 'refunds'][n % 3] ?? 'tasks';
  const id = `stored:${n}`;
  const receivedAt = Date.now() - (count - n) * 1_000 - 120_000;
  const facts = { id: id, type: 'task', subject: id, revision: '1', state: 'received' };
  const more = { deleted: false, tenant: undefined, quarantine: undefined, payload: undefined };
  const entry = claimItem(
    { source: name, id, kind: 'event', receivedAt, facts: { ...facts, ...more } },
    Math.floor(Date.now() / 1000) + 86_400,
  );
  const body = JSON.stringify({ batchid: 'stored', id: n, owner: 'Ada', priority: 'Low' });
  const envelope = encodeEnvelope({
    source: name,
    id,
    kind: 'event',
    receivedAt,
    headers: {},
    subpath: '',
    body: Buffer.from(body).toString('base64'),
  });
  return {
    entry: {
      ...entry,
      state: text(states[n % states.length] ?? 'applied'),
      settledAt: number(receivedAt + 100),
      attempts: number(1),
    },
    envelope: { id: text(ledgerId(name, id)), envelope: { B: compress(envelope) } },
  };
}
