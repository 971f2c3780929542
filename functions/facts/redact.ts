/**
 * Takes credentials out of a body before anything is stored, by the paths that its pack names (`bodyCredentials`).
 * Whatever else the body holds stays byte for byte: big numbers, blanks and keys that come twice.
 */

import { parsePath } from '../pack/fields.ts';
import type { Provider } from '../pack/provider.ts';
import { splitKey } from '../parsing/form.ts';
import { isForm } from '../parsing/is-form.ts';
import { redactJson } from '../parsing/redact-json.ts';

/** What stands in the place of a credential. */
export const REDACTED = '(redacted)';

type Paths = readonly (readonly string[])[];

/** The body without its credentials. Twice is as good as once. */
export function redactBody({ bodyCredentials = [], events: { format } }: Provider, body: Buffer): Buffer {
  if (bodyCredentials.length === 0) return body;
  const paths = bodyCredentials.map((path) => parsePath(path).segments);
  // One character for each byte: also what is no UTF-8 comes back as it was.
  const text = body.toString('latin1');
  const asForm = format === 'form' || (format !== 'json' && isForm(body));
  const redacted = asForm ? redactForm(text, paths, format === 'auto') : redactJson(text, paths, REDACTED);
  return redacted === text ? body : Buffer.from(redacted, 'latin1');
}

/** @param unfolds whether the facts are read from JSON in the field `payload`. */
function redactForm(text: string, paths: Paths, unfolds: boolean): string {
  return text
    .split('&')
    .map((pair) => redactPair(pair, paths, unfolds))
    .join('&');
}

function redactPair(pair: string, paths: Paths, unfolds: boolean): string {
  const [[name, value] = ['', '']] = new URLSearchParams(Buffer.from(pair, 'latin1').toString('utf8'));
  const own = splitKey(name);
  const isCredential = paths.some((path) => path.every((segment, at) => own[at] === segment));
  if (isCredential) return new URLSearchParams({ [name]: REDACTED }).toString();
  if (!unfolds || name !== 'payload') return pair;
  const redacted = redactJson(value, paths, REDACTED);
  return redacted === value ? pair : new URLSearchParams({ payload: redacted }).toString();
}
