import type { WebhookRequest } from '../pack/request.ts';

type Part = { readonly text: string } | { readonly value: string };

const templates = new Map<string, readonly Part[]>();

/** Splits `v0:{timestamp}:{body}` into texts and names. */
export function parseTemplate(template: string): readonly Part[] {
  const known = templates.get(template);
  if (known) return known;
  const parts = template
    .split(/(\{[a-z][a-z0-9.-]*\})/)
    .filter((piece) => piece !== '')
    .map((piece): Part => (/^\{[a-z]/.test(piece) ? { value: piece.slice(1, -1) } : { text: piece }));
  templates.set(template, parts);
  return parts;
}

/** Names of all that is signed: `body`, `timestamp`, `header.x-id`. */
export function signedValues(template: string): readonly string[] {
  return parseTemplate(template).flatMap((part) => ('value' in part ? [part.value] : []));
}

/** Names of the headers that are part of what is signed. */
export function signedHeaders(template: string): readonly string[] {
  return signedValues(template).flatMap((value) =>
    value.startsWith('header.') ? [value.slice('header.'.length)] : [],
  );
}

/** What is signed, in pieces. */
export type Content = readonly (string | Buffer | typeof SECRET)[];

/** Stands where a plain hash has the secret itself. */
export const SECRET = Symbol('secret');

/**
 * The chunks that are signed, the body as the raw bytes received.
 * @returns undefined when the template names a header that the request does not have.
 */
export function signedContent(
  template: string,
  request: WebhookRequest,
  timestamp: string | undefined,
): Content | undefined {
  const chunks: Content[number][] = [];
  for (const part of parseTemplate(template)) {
    const chunk = 'text' in part ? part.text : templateValue(part.value, request, timestamp);
    if (chunk === undefined) return undefined;
    chunks.push(chunk);
  }
  return chunks;
}

function templateValue(name: string, request: WebhookRequest, timestamp: string | undefined) {
  if (name === 'body') return request.body;
  if (name === 'timestamp') return timestamp;
  if (name === 'secret') return SECRET;
  if (name === 'method') return request.method;
  if (name === 'url') return request.url;
  if (name.startsWith('header.')) return request.headers[name.slice('header.'.length)];
  throw new TypeError(`a signature template cannot contain {${name}}`);
}
