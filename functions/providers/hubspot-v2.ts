import { hubspotProvider } from './hubspot.ts';

/** A plain SHA-256 of secret, method, URL and body: sent by workflows and CRM cards. */
export const provider = hubspotProvider('v2', {
  kind: 'hash',
  algorithm: 'sha256',
  encoding: 'hex',
  signed: '{secret}{method}{url}{body}',
  signature: { header: 'x-hubspot-signature', form: { kind: 'bare' } },
});
