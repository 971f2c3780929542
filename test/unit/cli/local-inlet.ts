import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditReport } from '../../../functions/api/types.ts';
import { removeRunFile, writeRunFile } from '../../../local/run-file.ts';
import { type LocalInlet, startLocal } from '../../../local/stack.ts';
import { handlers } from '../../fixtures/handlers/index.ts';
import { inlet, type Result } from './command.ts';

const config = {
  sources: {
    dotdigital: { provider: 'dotdigital' },
    shop: { provider: 'chargify', handler: 'fulfil-order' },
    tasks: { provider: 'tasks', headers: ['x-mine'] },
  },
};

/** An Inlet on this machine, and the command line that finds it as it finds that of `npm start`. */
export interface LocalCli {
  readonly local: LocalInlet;
  /** Where a test may write files. */
  readonly folder: string;
  /** What the command line is given of the environment. */
  readonly env: Record<string, string>;
  run(...words: string[]): Promise<Result>;
  /** Asks until nothing is in flight, for at most ten seconds. */
  settled(): Promise<AuditReport>;
  stop(): Promise<void>;
}

export async function startLocalCli(): Promise<LocalCli> {
  const folder = mkdtempSync(join(tmpdir(), 'inlet-cli-'));
  const configFile = join(folder, 'config.json');
  writeFileSync(configFile, JSON.stringify(config));
  const local = await startLocal({
    config,
    handlers,
    secrets: { shop: ['the secret of the shop'] },
    data: 'memory',
    port: 0,
    log: { log: () => {} },
  });
  // As npm start leaves it, so that the commands find the address, the token and the development secrets.
  const { url, token, developmentSecrets } = local;
  writeRunFile({ port: local.port, data: folder }, { url, token, developmentSecrets, pid: process.pid });
  const env = {
    INLET_CONFIG: configFile,
    INLET_DATA: folder,
    INLET_SECRETS: '{"shop":["the secret of the shop"]}',
  };
  return {
    local,
    folder,
    env,
    run: (...words) => inlet(words, { env }),
    settled: async () => {
      for (const deadline = Date.now() + 10_000; ; ) {
        const answer = await fetch(`${url}/api/audit`, { headers: { authorization: `Bearer ${token}` } });
        const report = (await answer.json()) as AuditReport;
        if (report.total.inFlight === 0 || Date.now() > deadline) return report;
      }
    },
    stop: async () => {
      removeRunFile({ port: local.port, data: folder });
      await local.stop();
    },
  };
}
