import type { Provider } from '../functions/pack/provider.ts';
import type { WebhookRequest } from '../functions/pack/request.ts';
import { verifyRequest } from '../functions/verification/verify.ts';
import type { Row } from './verify-row.ts';

/** A change to a row under which a refused request would be genuine, and what that means. */
interface Suspicion {
  readonly meaning: string;
  readonly row: Row;
}

/**
 * Tries what people get wrong when they capture a request or copy a secret.
 * @returns the mistake, when undoing it makes the signature right.
 */
export async function whatWouldHold(provider: Provider, row: Row): Promise<string | undefined> {
  for (const suspicion of suspicions(row)) {
    const verdict = await verifyRequest(provider, suspicion.row);
    if (verdict.ok) return `Found: ${suspicion.meaning}.`;
  }
  return undefined;
}

function* suspicions(row: Row): Generator<Suspicion> {
  yield* secretSuspicions(row);
  yield* bodySuspicions(row);
  yield* urlSuspicions(row);
}

function* secretSuspicions(row: Row): Generator<Suspicion> {
  const spellings: readonly [string, (secret: string) => string][] = [
    ['the secret has white space around it', (secret) => secret.trim()],
    ['the secret has quotes around it', (secret) => secret.replace(/^(["'])(.*)\1$/s, '$2')],
    ['the secret is used without its "whsec_"', (secret) => `whsec_${secret}`],
    ['the secret has a "whsec_" too many', (secret) => secret.replace(/^whsec_/, '')],
    ['the secret is base64 of the real one', (secret) => Buffer.from(secret, 'base64').toString('utf8')],
    ['the secret has to be in base64', (secret) => Buffer.from(secret, 'utf8').toString('base64')],
    ['the secret has to be in hex', (secret) => Buffer.from(secret, 'utf8').toString('hex')],
  ];
  for (const [meaning, spell] of spellings) {
    const secrets = row.secrets.map(spell);
    if (secrets.some((secret, index) => secret !== row.secrets[index] && secret !== '')) {
      yield { meaning, row: { ...row, secrets } };
    }
  }
}

function* bodySuspicions(row: Row): Generator<Suspicion> {
  const { body } = row.request;
  const text = body.toString('utf8');
  const changes: readonly [string, string | undefined][] = [
    ['the body has line breaks or blanks at its end that were not sent', text.trimEnd()],
    ['the body has lost the line break at its end', `${text}\n`],
    ['the body has lost the line break at its end (CR LF)', `${text}\r\n`],
    ['the line breaks of the body were CR LF', text.replaceAll(/\r?\n/g, '\r\n')],
    ['the line breaks of the body were LF', text.replaceAll('\r\n', '\n')],
    ['the body was reformatted; it was compact JSON', reformat(text, undefined)],
    ['the body was reformatted; it was JSON with an indent of 2', reformat(text, 2)],
    ['the body was reformatted; it was JSON with an indent of 4', reformat(text, 4)],
    ['the body was decoded from base64 wrongly or not at all', Buffer.from(text, 'base64').toString('utf8')],
  ];
  for (const [meaning, changed] of changes) {
    if (changed === undefined || changed === text) continue;
    yield { meaning, row: withRequest(row, { body: Buffer.from(changed) }) };
  }
}

function* urlSuspicions(row: Row): Generator<Suspicion> {
  const { url } = row.request;
  const [base = url] = url.split('?');
  const query = url.slice(base.length);
  const spellings = new Set([
    url.replace(/^https:/, 'http:'),
    url.replace(/^http:/, 'https:'),
    base,
    base.endsWith('/') ? base.slice(0, -1) + query : `${base}/${query}`,
    url.replace(/^([a-z]+:\/\/[^/:]+):\d+/, '$1'),
  ]);
  spellings.delete(url);
  for (const spelling of spellings) {
    const meaning = `the provider calls the URL ${spelling}, and signs it; "url" (publicUrl in the configuration) says ${url}`;
    yield { meaning, row: withRequest(row, { url: spelling }) };
  }
}

function withRequest(row: Row, change: Partial<WebhookRequest>): Row {
  return { ...row, request: { ...row.request, ...change } };
}

function reformat(text: string, indent: number | undefined): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), null, indent);
  } catch {
    return undefined;
  }
}
