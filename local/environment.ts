import { isObject } from '../functions/core/is-object.ts';
import type { Secrets } from './development-secrets.ts';
import { StartError } from './start-error.ts';

/** What the environment asks of the local server (the table in the README). */
export interface LocalEnvironment {
  readonly port: number;
  readonly data: string;
  readonly token?: string;
  readonly secrets: Secrets;
}

export const DEFAULT_PORT = 3000;
export const DEFAULT_DATA = '.inlet/';

/** @throws StartError that says which variable is wrong and what to write instead. It never quotes a secret. */
export function readEnvironment(env: NodeJS.ProcessEnv): LocalEnvironment {
  return {
    port: readPort(env.PORT),
    data: env.INLET_DATA || DEFAULT_DATA,
    token: env.INLET_TOKEN || undefined,
    secrets: readSecrets(env.INLET_SECRETS),
  };
}

function readPort(text: string | undefined): number {
  if (!text) return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new StartError(`PORT is "${text}". Set it to a number from 0 to 65535; 0 picks a free port.`);
}

function readSecrets(text: string | undefined): Secrets {
  if (!text) return {};
  const form = `Set it to JSON like {"chargify": ["current secret", "previous secret"]}.`;
  const value = parse(text, `INLET_SECRETS is not valid JSON. ${form}`);
  if (!isObject(value)) throw new StartError(`INLET_SECRETS is not a JSON object. ${form}`);
  for (const [source, secrets] of Object.entries(value)) {
    if (!isSecretList(secrets))
      throw new StartError(`INLET_SECRETS gives "${source}" something else than one or two secrets. ${form}`);
  }
  return value as Secrets;
}

/** Without the parser's own message, which quotes the text. */
function parse(text: string, message: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new StartError(message);
  }
}

function isSecretList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    (value.length === 1 || value.length === 2) &&
    value.every((secret) => typeof secret === 'string' && secret !== '')
  );
}
