import type { CustomScheme, Verdict, VerificationContext } from '../pack/scheme.ts';
import { equalText } from './compare.ts';
import { EVERYTHING } from './coverage.ts';

/**
 * HTTP Basic authentication (RFC 7617). A secret is `user:password`, compared in its encoded form: base64 has
 * other spellings of the same bytes, and a request with one of them is not what the provider sent.
 */
export function basicAuth(): CustomScheme {
  return {
    kind: 'custom',
    covers: EVERYTHING,
    proof: 'user name and password in `authorization` (Basic)',
    credentials: ['authorization'],
    verify: verifyBasic,
    sign: ({ secret }) => {
      const problem = secretProblem(secret);
      if (problem) throw new TypeError(problem);
      return { authorization: `Basic ${encode(secret)}` };
    },
  };
}

function verifyBasic({ request, secrets }: VerificationContext): Verdict {
  const header = request.headers.authorization;
  if (!header) return { ok: false, reason: 'signature-missing', hint: 'authorization' };
  const sent = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1];
  if (!sent) return { ok: false, reason: 'signature-malformed', hint: 'expected "Basic <base64>"' };
  const usable = secrets.map((secret) => (secretProblem(secret) ? undefined : encode(secret)));
  if (secrets.length === 0) return { ok: false, reason: 'secret-missing' };
  if (usable.every((secret) => secret === undefined)) return { ok: false, reason: 'secret-malformed' };
  const matched = usable.findIndex((secret) => secret !== undefined && equalText(secret, sent));
  return matched < 0 ? { ok: false, reason: 'signature-mismatch' } : { ok: true, secret: matched };
}

function encode(secret: string): string {
  return Buffer.from(secret, 'utf8').toString('base64');
}

/** What is wrong with a secret for Basic authentication. */
export function secretProblem(secret: string): string | undefined {
  return /^[^:]+:.+$/s.test(secret)
    ? undefined
    : 'Write user name and password as one text with a colon between them: "user:password".';
}
