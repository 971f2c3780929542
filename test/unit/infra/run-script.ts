import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

export interface Ended {
  readonly code: number;
  readonly stderr: string;
}

/** Runs a script of the repository with no credentials, no home and a proxy that leads nowhere. */
export function runScript(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const env = {
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    HOME: tmpdir(),
    HTTPS_PROXY: 'http://127.0.0.1:9',
    HTTP_PROXY: 'http://127.0.0.1:9',
    CDK_VALIDATION: 'false',
    INLET_CONFIG: process.env.INLET_CONFIG,
    ...environment,
  };
  return new Promise((done) => {
    execFile(process.execPath, [script, ...args], { cwd: root, env }, (error, _stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stderr }),
    );
  });
}
