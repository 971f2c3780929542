import type { CustomScheme, HmacScheme } from '../pack/scheme.ts';
import { BODY_ONLY } from './coverage.ts';
import { digestAlgorithm } from './hmac.ts';
import { signSigned, verifySigned } from './signed-request.ts';

const scheme: HmacScheme = {
  kind: 'hmac',
  algorithm: 'sha256',
  encoding: 'base64',
  key: 'utf8',
  signed: '{method}{url}{body}{timestamp}',
  signature: { header: 'x-hubspot-signature-v3', form: { kind: 'bare' } },
  timestamp: {
    from: { header: 'x-hubspot-request-timestamp' },
    unit: 'milliseconds',
    toleranceSeconds: 300,
  },
};

/** The escapes that HubSpot undoes in the URL before it signs; every other one stays as it was sent. */
const undone: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

function signedUrl(url: string): string {
  return url.replace(/%[0-9A-Fa-f]{2}/g, (code) => undone[code.toUpperCase()] ?? code);
}

/**
 * HubSpot signatures, version 3 (https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation).
 * The SDK signs the URL that it is given; that some escapes are undone first is in the documentation only.
 */
export const hubspotSignatureV3: CustomScheme = {
  kind: 'custom',
  covers: { ...BODY_ONLY, url: true },
  proof: 'HMAC-SHA256 over method, URL, body and time in milliseconds, in base64',
  verify({ request, ...rest }) {
    return verifySigned(scheme, digestAlgorithm(scheme), {
      ...rest,
      request: { ...request, url: signedUrl(request.url) },
    });
  },
  sign({ request, ...rest }) {
    return signSigned(scheme, digestAlgorithm(scheme), {
      ...rest,
      request: { ...request, url: signedUrl(request.url) },
    });
  },
};
