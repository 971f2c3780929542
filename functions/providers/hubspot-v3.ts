import { hubspotSignatureV3 } from '../verification/hubspot.ts';
import { hubspotProvider } from './hubspot.ts';

/** HMAC over method, URL, body and time. */
export const provider = hubspotProvider('v3', hubspotSignatureV3);
