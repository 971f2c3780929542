import { comapiProvider } from './comapi.ts';

/**
 * The Enterprise Communications API is Dotdigital Omnichannel under another name. Its header is
 * `X-Comapi-Signature` as well, whatever a search and replace made of it in the printed tutorials.
 */
export const provider = comapiProvider('enterprise-communications', 'Enterprise Communications API');
