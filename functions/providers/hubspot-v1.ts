import { hubspotProvider } from './hubspot.ts';

/** A plain SHA-256 of secret and body: the oldest form, still sent to CRM webhooks. */
export const provider = hubspotProvider('v1', {
  kind: 'hash',
  algorithm: 'sha256',
  encoding: 'hex',
  signed: '{secret}{body}',
  signature: { header: 'x-hubspot-signature', form: { kind: 'bare' } },
});
