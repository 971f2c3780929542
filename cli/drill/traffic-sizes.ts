/** How much a drill sends. */

/** Different ones of each source. */
export const SAMPLES = 3;
/** At once, of the first source. */
export const BURST = 50;
