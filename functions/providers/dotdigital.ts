import { comapiProvider } from './comapi.ts';

/** Dotdigital Omnichannel, formerly Comapi. */
export const provider = comapiProvider('dotdigital', 'Dotdigital Omnichannel');
