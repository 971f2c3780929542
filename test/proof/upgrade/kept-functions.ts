/** The functions of a release that the next one meets. */
export const KEPT_FUNCTIONS = ['ingest', 'worker', 'dead-letters', 'console'] as const;
export type KeptFunction = (typeof KEPT_FUNCTIONS)[number];
