import { isObject } from '../core/is-object.ts';
import { headerName, headerOption, isText, textOption } from '../pack/option-rules.ts';
import type { OptionRule, Provider } from '../pack/provider.ts';
import type { ProviderOptions } from '../pack/request.ts';
import { bearerToken, type TokenRules } from '../verification/jwt.ts';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every(isText);

const https: Pick<Parameters<typeof textOption>[1] & object, 'pattern' | 'advice'> = {
  pattern: /^https:\/\/[^\s/?#@]+(\/\S*)?$/,
  advice: 'write an https:// address',
};

const options: Readonly<Record<string, OptionRule>> = {
  issuer: textOption('The `iss` of the tokens, exactly.', {
    required: true,
    example: 'https://issuer.example.com',
  }),
  audience: {
    description: 'The `aud` of the tokens: a text, or a list of which one is enough.',
    required: true,
    example: 'inlet',
    check: (value) => (isText(value) || isTexts(value) ? undefined : 'write a text or a list of texts'),
  },
  jwksUri: textOption('Where the keys are. Default: <issuer>/.well-known/jwks.json.', https),
  jwks: {
    description: 'The keys themselves, in place of an address.',
    check: (value) =>
      isObject(value) && Array.isArray(value.keys) ? undefined : 'write a key set: { keys: [ … ] }',
  },
  claims: {
    description:
      'Claims that must be there with exactly this value: without them every token of the issuer for this audience counts.',
    check: (value) =>
      isObject(value) &&
      Object.values(value).every((item) => ['string', 'number', 'boolean'].includes(typeof item))
        ? undefined
        : 'write an object of names and texts, numbers or booleans',
  },
  algorithms: {
    description: 'Signature algorithms that are accepted. Default: RS256.',
    check: (value) =>
      isTexts(value) && value.every((item) => ALGORITHMS.includes(item))
        ? undefined
        : `write a list of some of: ${ALGORITHMS.join(', ')}`,
  },
  header: headerOption('Header with the token. Default: Authorization.'),
  bodyClaim: textOption(
    'Claim with the SHA-256 of the body in hex or base64. Without it the token does not prove the body.',
  ),
};

function rulesOf(given: ProviderOptions): TokenRules {
  const issuer = isText(given.issuer) ? given.issuer : '';
  const audience = isText(given.audience) || isTexts(given.audience) ? given.audience : '';
  const claims = Object.entries(isObject(given.claims) ? given.claims : {});
  return {
    issuer,
    audience,
    jwksUri: isText(given.jwksUri) ? given.jwksUri : `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`,
    header: headerName(given.header, 'authorization'),
    ...(isTexts(given.algorithms) && { algorithms: given.algorithms }),
    ...(isText(given.bodyClaim) && { bodyClaim: given.bodyClaim }),
    // Without issuer or audience nothing is accepted, whatever the token says.
    accepts: (token) =>
      issuer !== '' &&
      audience !== '' &&
      claims.every(([name, value]) => Object.hasOwn(token, name) && token[name] === value),
    sampleClaims: Object.fromEntries(claims),
  };
}

/** Any sender that proves itself by a signed token. */
export const provider: Provider = {
  name: 'jwt',
  title: 'Any sender: JWT',
  documentation: ['https://www.rfc-editor.org/rfc/rfc8725'],
  verification: (given) => bearerToken(rulesOf, [headerName(given.header, 'authorization')]),
  secret: {
    description: 'None: tokens are verified with the keys of the issuer.',
    development: '',
  },
  options,
  events: {
    format: 'auto',
    // What is an id here only the operator knows: `delivery`, `subject` and `revision` of the source say so.
    type: { any: ['payload.type', 'payload.event', 'payload.event_type', () => 'event'] },
  },
  retries: { schedule: 'up to the sender', periodSeconds: 7 * 86_400 },
  registration: [
    'URL: {url}. The sender puts a JWT of the issuer (options.issuer) for the audience (options.audience) into the header.',
    'Tell Inlet where the id of an event is: `delivery: "payload.…"` of the source. Default: a hash of the content.',
  ],
  samples: [
    {
      type: 'sample.created',
      headers: { 'content-type': 'application/json' },
      body: (seed) => JSON.stringify({ type: 'sample.created', number: seed }),
    },
  ],
};
