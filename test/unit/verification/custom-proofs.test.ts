/** What `docs/providers.md` says of these proofs, and which of their headers are never stored. */

import type { CustomScheme } from '../../../functions/pack/scheme.ts';
import { adyenItemSignatures } from '../../../functions/verification/adyen.ts';
import { basicAuth } from '../../../functions/verification/basic.ts';
import { braintreeSignature } from '../../../functions/verification/braintree.ts';
import { contentfulSignature } from '../../../functions/verification/canonical-contentful.ts';
import { credentialHeaders } from '../../../functions/verification/verify.ts';

test.each<[CustomScheme, string, readonly string[]]>([
  [adyenItemSignatures, 'HMAC-SHA256 over eight fields of each item, in the body', []],
  [basicAuth(), 'user name and password in `authorization` (Basic)', ['authorization']],
  [braintreeSignature, 'HMAC-SHA1 over the payload, in the form', []],
  [
    contentfulSignature,
    'HMAC-SHA256 over method, path, the signed headers and body, in hex',
    // Not the list of what is signed: it proves nothing, and the worker has to know what is covered.
    ['x-contentful-signature'],
  ],
])('%#', (scheme, proof, headers) => {
  expect(scheme.proof).toBe(proof);
  expect(credentialHeaders(scheme)).toEqual(headers);
});
