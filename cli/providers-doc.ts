/** `docs/providers.md`, made from the packs: what a person wants to know before registering a URL. */

import { type Field, namedByProof } from '../functions/pack/fields.ts';
import type { EventShape, Provider } from '../functions/pack/provider.ts';
import type { ProviderOptions } from '../functions/pack/request.ts';
import type { SignatureHeader, TimestampRule, Verification } from '../functions/pack/scheme.ts';
import { providers } from '../functions/providers/index.ts';
import { coverageOf } from '../functions/verification/coverage.ts';
import { schemeOf } from '../functions/verification/verify.ts';
import { risks } from './providers-risks.ts';

const COLUMNS = [
  'name',
  'provider',
  'what proves it',
  'what the proof covers',
  'id of an event',
  'order',
  'handshake',
  'answer',
  'retries',
];

/** The whole page. */
export function providersDoc(): string {
  const packs = Object.values(providers).sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const rows = packs.map((pack) =>
    [
      `\`${pack.name}\``,
      pack.documentation[0] ? `[${pack.title}](${pack.documentation[0]})` : pack.title,
      proof(schemeOf(pack, exampleOptions(pack))),
      covers(schemeOf(pack, exampleOptions(pack))),
      idOf(pack),
      orderOf(pack.events),
      handshakesOf(pack),
      String(pack.acknowledge?.status ?? 202),
      pack.retries.schedule,
    ].map(cell),
  );
  const open = packs.filter(({ unverified }) => unverified);
  return [
    '# Providers',
    '',
    '<!-- Made from functions/providers by "npm run docs:providers". Change the packs, not this page. -->',
    '',
    `${packs.length} packs. The name is the \`provider\` of a source in \`inlet.config.ts\`; \`npm run -s inlet -- register <source>\` says what to enter at the provider.`,
    'Another one takes about 20 lines: [add-a-provider.md](add-a-provider.md).',
    '',
    '**Order** is what keeps an older event from overwriting a newer one; equal ones are all applied, in order of arrival.',
    'Without it every event counts once. "Content" as an id is a hash of the event without what changes between attempts.',
    '',
    '**What the proof covers** is all that decides: nothing else names an event, orders, deletes or chooses a tenant',
    '([decision 47](decisions/0047-coverage.md)). A credential speaks for the whole request.',
    '',
    line(COLUMNS),
    line(COLUMNS.map(() => '---')),
    ...rows.map(line),
    '',
    ...risks(packs, (pack) => coverageOf(schemeOf(pack, exampleOptions(pack)))),
    '## What could not be checked',
    '',
    'Facts that rest on third parties or on memory; whoever can check one is asked to.',
    '',
    ...open.map(({ name, unverified }) => `- \`${name}\`: ${unverified}`),
    '',
  ].join('\n');
}

function exampleOptions(pack: Provider): ProviderOptions {
  return Object.fromEntries(Object.entries(pack.options ?? {}).map(([name, rule]) => [name, rule.example]));
}

function proof(scheme: Verification): string {
  switch (scheme.kind) {
    case 'hmac':
    case 'hash': {
      const name = `${scheme.kind === 'hmac' ? 'HMAC-' : ''}${scheme.algorithm.toUpperCase()}`;
      return `${name} (${scheme.encoding}) of \`${scheme.signed}\` in ${headers(scheme.signature)}${window(scheme.timestamp)}`;
    }
    case 'ed25519':
      return `Ed25519 of \`${scheme.signed}\` in ${headers(scheme.signature)}${window(scheme.timestamp)}`;
    case 'shared-secret':
      return `secret in \`${scheme.header}\``;
    case 'any':
    case 'first':
      return scheme.schemes.map(proof).join(scheme.kind === 'any' ? '; or ' : '; else ');
    case 'unsigned':
      return 'nothing';
    case 'custom':
      return customProof(scheme);
  }
}

function customProof(scheme: Extract<Verification, { kind: 'custom' }>): string {
  if (scheme.proof) return scheme.proof;
  if (scheme.prepare) return 'a proof in the body';
  return scheme.credentials ? `\`${scheme.credentials.join('`, `')}\`` : 'see the pack';
}

function headers(signature: SignatureHeader | readonly SignatureHeader[]): string {
  return [signature]
    .flat()
    .map(({ header }) => `\`${header}\``)
    .join(', ');
}

function window(rule: TimestampRule | undefined): string {
  return rule ? `, at most ${rule.toleranceSeconds} s old` : '';
}

function covers(scheme: Verification): string {
  if (scheme.kind === 'first') return [...new Set(scheme.schemes.map(covers))].join('; or ');
  const { headers, namedHeaders, url, body } = coverageOf(scheme);
  if (headers === 'all') return 'the whole request';
  const fields = typeof body === 'string' ? [] : body.map((path) => `\`${path}\``);
  const parts = [
    body === 'all' ? 'body' : body === 'fields' ? 'fields of the form' : fields.join(', '),
    ...(url ? ['URL'] : []),
    ...headers.map((name) => `\`${name}\``),
    ...(namedHeaders ? ['headers that the request names as signed'] : []),
  ];
  return parts.filter(Boolean).join(', ');
}

function idOf({ events: { id, unsignedId } }: Provider): string {
  const otherwise = unsignedId ? 'content, and an id that is not signed' : 'content';
  return id === undefined ? otherwise : unsignedId ? `${field(id)} or ${otherwise}` : field(id);
}

function orderOf({ subject, revision }: EventShape): string {
  return subject === undefined || revision === undefined
    ? '–'
    : `${field(revision.field)} of ${field(subject)}`;
}

/** A field as people would say it; what a function computes is not told. */
function field(value: Field): string {
  if (value === namedByProof) return 'what names the proof';
  if (typeof value === 'function') return 'computed';
  if (typeof value === 'string') return `\`${value.replace(/^payload\./, '')}\``;
  if ('any' in value) return [...new Set(value.any.map(field))].slice(0, 3).join(' or ');
  return value.map(field).join(' + ');
}

function handshakesOf({ handshakes = [] }: Provider): string {
  const all = handshakes.map(({ method, when }) => `${method}${when === 'after' ? ', signed' : ''}`);
  return [...new Set(all)].join('; ') || '–';
}

/** No cell may end its row early. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
