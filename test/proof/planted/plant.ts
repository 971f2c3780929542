/** Copies of the repository, each with one bug in it, and one run of jest over all of them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bug, plantedText } from './bug.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** What every test of the core needs, beside those of its own folder. */
const COPIED = [
  'functions',
  'cli',
  'config',
  'infra',
  'local',
  'test/fixtures',
  'test/helpers',
  'test/proof/degradation/gateway-event.ts',
  'test/proof/engines/engine.ts',
  'test/proof/engines/tables.ts',
  'test/proof/fuzz/random.ts',
  'test/unit/providers',
  'docs/architecture.md',
  'package.json',
];

/** What a run of tests says, as `jest --json` writes it. */
export interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** One copy. @param bug undefined: none is in it. */
export interface Plot {
  readonly folder: string;
  readonly bug: Bug | undefined;
  /** The test files that run in it. */
  readonly tests: readonly string[];
}

/** A folder of copies, outside of the repository. */
export class Field {
  readonly folder = mkdtempSync(join(realpathSync(tmpdir()), 'planted-'));
  readonly plots: Plot[] = [];

  /** Makes a copy, and plants a bug in it. */
  plant(bug: Bug | undefined, tests: readonly string[]): void {
    const folder = join(this.folder, `plot-${this.plots.length}`);
    for (const name of new Set([...COPIED, ...tests.map(dirname)])) {
      cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    if (bug) writeFileSync(join(folder, bug.file), plantedText(bug));
    this.plots.push({ folder, bug, tests });
  }

  /** Runs the tests of all copies at once, so that jest starts but once. */
  async run(): Promise<JestReport> {
    const result = join(this.folder, 'report.json');
    const config = join(this.folder, 'jest.config.json');
    const tests = this.plots.flatMap(({ folder, tests }) => tests.map((test) => join(folder, test)));
    writeFileSync(
      config,
      JSON.stringify({
        rootDir: this.folder,
        transform: {},
        extensionsToTreatAsEsm: ['.ts'],
        testMatch: tests,
        maxWorkers: 2,
        testTimeout: 20_000,
      }),
    );
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const options = ['--json', '--outputFile', result, '--forceExit'];
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    const said: string[] = [];
    const child = spawn(process.execPath, [...flags, jest, '--config', config, ...options], {
      cwd: this.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.on('data', (chunk) => said.push(String(chunk)));
    await once(child, 'close');
    if (!existsSync(result)) throw new Error(`jest has written no report: ${said.join('').slice(-2_000)}`);
    return JSON.parse(readFileSync(result, 'utf8')) as JestReport;
  }

  /** Removes all copies. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
