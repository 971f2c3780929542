/** Checks of `inlet doctor` that ask nobody. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { AuditReport } from '../functions/api/types.ts';
import type { InletConfig } from '../functions/config/config.ts';
import { ConfigurationError } from '../functions/core/errors.ts';
import { DEFAULT_DATA } from '../local/environment.ts';
import type { Check } from './check.ts';

/** The version of the functions, and the first that runs this code as it is. */
const NODE_MAJOR = 24;

export function nodeCheck(version: string): Check {
  const name = 'node';
  if (Number.parseInt(version, 10) >= NODE_MAJOR)
    return { name, verdict: 'ok', message: `Node.js ${version}` };
  return {
    name,
    verdict: 'warn',
    message: `Node.js ${version} is older than what the functions run on (${NODE_MAJOR})`,
    advice: 'Call it as npm run -s inlet, which brings its own, or install a newer one.',
  };
}

/** @param config as it was loaded, or why it could not be. */
export function configurationCheck(config: InletConfig | Error): Check {
  const name = 'configuration';
  if (!(config instanceof Error)) {
    const count = Object.keys(config.sources).length;
    return { name, verdict: 'ok', message: `${count} source${count === 1 ? '' : 's'}` };
  }
  const problems = config instanceof ConfigurationError ? config.problems : [config.message];
  return {
    name,
    verdict: 'wrong',
    message: `${problems.length} problem(s)`,
    advice: problems.join(' '),
  };
}

/** Whether the local server can keep anything. The folder is not created: that is the server's business. */
export function dataCheck(env: NodeJS.ProcessEnv): Check {
  const name = 'data folder';
  const folder = env.INLET_DATA || DEFAULT_DATA;
  if (folder === 'memory')
    return {
      name,
      verdict: 'warn',
      message: 'in memory: nothing outlives the server',
      advice: 'Set INLET_DATA to a folder to keep events.',
    };
  const path = resolve(folder);
  const isThere = existsSync(path);
  const advice = 'Set INLET_DATA to a folder that can be written.';
  if (isThere && !statSync(path).isDirectory())
    return { name, verdict: 'wrong', message: `${path} is a file`, advice };
  let place = path;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
    return { name, verdict: 'ok', message: isThere ? path : `${path} will be created` };
  } catch {
    return { name, verdict: 'wrong', message: `${path} cannot be written`, advice };
  }
}

export function auditCheck({ balanced, total, problems, overdue }: AuditReport): Check {
  const name = 'audit';
  if (!balanced)
    return {
      name,
      verdict: 'wrong',
      message: `does not balance: ${problems.length} problem(s)`,
      advice: 'inlet audit names them; inlet reclaim --all takes back what has lost its message.',
    };
  if (overdue.count > 0)
    return {
      name,
      verdict: 'warn',
      message: `${overdue.count} in flight without a trace for long`,
      advice: 'inlet audit names them; inlet reclaim <source>/<id> does no harm.',
    };
  const left = total.quarantined + total.dead;
  if (left > 0)
    return {
      name,
      verdict: 'warn',
      message: `balanced; ${total.quarantined} quarantined, ${total.dead} dead`,
      advice: 'inlet dead list says why; inlet dead redrive sends them again.',
    };
  return {
    name,
    verdict: 'ok',
    message: `balanced; ${total.accepted} accepted, ${total.inFlight} in flight`,
  };
}
