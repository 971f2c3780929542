import type { Provider } from '../functions/pack/provider.ts';
import type { Refusal, Verdict } from '../functions/pack/scheme.ts';
import { headersOf } from '../functions/verification/several.ts';
import { schemeOf } from '../functions/verification/verify.ts';
import { whatWouldHold } from './diagnose.ts';
import { compareClaims } from './token-claims.ts';
import type { Row } from './verify-row.ts';

type Refused = Extract<Verdict, { ok: false }>;

/**
 * Why a request is refused and what to do, in a sentence or two. For the operator's machine only: a sender who was
 * told this would learn which part of a forgery to mend.
 */
export async function explainRefusal(
  provider: Provider,
  row: Row,
  { reason, hint }: Refused,
): Promise<string> {
  const text = explanations[reason]({ provider, row, hint, headers: headerList(provider, row) });
  const found = diagnosed.includes(reason) ? await whatWouldHold(provider, row) : undefined;
  const problems = [secretProblem(provider, row, reason), ...optionProblems(provider, row)];
  return [text, ...problems, found].filter(Boolean).join(' ');
}

/** Refusals for which it is worth trying what people get wrong. */
const diagnosed: readonly Refusal[] = ['signature-mismatch', 'signature-malformed', 'secret-malformed'];

interface Circumstances {
  readonly provider: Provider;
  readonly row: Row;
  readonly hint: string | undefined;
  /** The headers that prove a request, for people. */
  readonly headers: string;
}

const explanations: Readonly<Record<Refusal, (circumstances: Circumstances) => string>> = {
  'signature-missing': ({ provider, hint, headers }) =>
    `The header ${hint ?? headers} is missing. ${provider.title} proves every request with it: check that a secret is set there, and that no proxy drops the header.`,
  'signature-malformed': ({ provider, hint, headers }) =>
    `The signature is not in the form that ${provider.title} sends${hint ? ` (${hint})` : ''}: check ${headers}, whole and unchanged.`,
  'signature-mismatch': ({ provider, row, hint }) =>
    `The signature does not belong to this request under ${count(row.secrets.length)}${hint ? ` (${hint})` : ''}: another secret, or other bytes than ${provider.title} sent.`,
  'timestamp-missing': ({ provider, headers }) =>
    `The signed time is missing. ${provider.title} sends it in ${headers}.`,
  'timestamp-malformed': ({ hint }) => `The signed time cannot be read${hint ? `: ${hint}` : ''}.`,
  'timestamp-stale': ({ hint }) =>
    `The signed time is too old: ${hint ?? 'outside the window'}. For a captured request set "now" to the epoch seconds at which it arrived; for a live one check the clocks.`,
  'timestamp-future': ({ hint }) =>
    `The signed time lies in the future: ${hint ?? 'outside the window'}. Check the clocks, or "now" (epoch seconds).`,
  'token-expired': ({ hint }) =>
    `The token has expired${hint ? ` ${hint}` : ''}. For a captured request set "now" to the epoch seconds at which it arrived.`,
  'token-claims': ({ provider, row, hint }) =>
    `The token is genuine but not for this source${hint ? ` (${hint})` : ''}. ${compareClaims(row) || `Check the options of ${provider.title}.`}`,
  'secret-missing': ({ provider }) =>
    `There is no secret to check with. Put it into "secrets": ${provider.secret.description}`,
  'secret-malformed': ({ provider }) =>
    `The secret is not one that ${provider.title} gives out: ${provider.secret.description}`,
  method: ({ provider, row }) => `${provider.title} does not send events by ${row.request.method}.`,
  'key-unavailable': ({ hint }) =>
    `The provider's public key cannot be had${hint ? `: ${hint}` : ''}. Give it inline, as options.jwks or options.certificates, or check the network.`,
};

/** What the pack says of a secret of the wrong form. Never quotes the secret. */
function secretProblem(provider: Provider, { secrets }: Row, reason: Refusal): string | undefined {
  if (!['signature-mismatch', 'secret-malformed'].includes(reason)) return undefined;
  for (const [index, secret] of secrets.entries()) {
    const problem = provider.secret.check?.(secret);
    if (problem) return `Secret ${index + 1}: ${problem}`;
  }
  return undefined;
}

/** What the pack says of missing and wrong options. */
function optionProblems({ options: rules = {} }: Provider, { options }: Row): readonly string[] {
  return Object.entries(rules).flatMap(([name, { description, required, check }]) => {
    const value = Object.hasOwn(options, name) ? options[name] : undefined;
    if (value === undefined) return required ? [`options.${name} is missing: ${description}`] : [];
    const problem = check?.(value, options);
    return problem ? [`options.${name}: ${problem}.`] : [];
  });
}

function headerList(provider: Provider, { options }: Row): string {
  const names = headersOf(schemeOf(provider, options));
  return names.length > 0 ? names.join(', ') : 'the documented place';
}

function count(secrets: number): string {
  if (secrets === 0) return "the provider's key";
  return secrets === 1 ? 'the secret' : `any of the ${secrets} secrets`;
}
