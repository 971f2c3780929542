/** The local stack in a process of its own, for `bench/load.ts`: says its URL and, when asked, what it has used. */
import type { InletConfig } from '../../functions/config/config.ts';
import { startLocal } from '../../local/stack.ts';
import { inProcessHandler, rememberServers } from './in-process.ts';

const direct = process.argv[2] === 'direct';
if (direct) rememberServers();

const config: InletConfig = {
  sources: {
    dotdigital: { provider: 'dotdigital' },
    chargify: { provider: 'chargify' },
    tasks: { provider: 'tasks' },
  },
};
let settled = 0;
const inlet = await startLocal({
  config,
  data: 'memory',
  port: 0,
  token: 'bench',
  log: {
    log: (_level, line) => {
      if (line.age !== undefined) settled += 1;
    },
  },
});
if (direct) {
  const { dynamodb, sqs } = inlet.setup;
  Object.assign(dynamodb.config, { requestHandler: inProcessHandler(inlet.dynamodb.endpoint) });
  Object.assign(sqs.config, { requestHandler: inProcessHandler(inlet.sqs.endpoint) });
}

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, rssMB: process.memoryUsage().rss / 1024 / 1024, settled });
});
process.on('disconnect', () => process.exit());
process.send?.({ url: inlet.url });
