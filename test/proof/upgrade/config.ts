import type { InletConfig } from '../../../functions/config/config.ts';

/**
 * The configuration of every kept release. Each release since 0.1.0 has to understand it, so it never changes: what a
 * later release brings is told to its own functions only (`keep-release.ts` merges it in).
 */
export const config: InletConfig = {
  publicUrl: 'https://inlet.example',
  sources: {
    // The newest state of each message, singly and in batches.
    dotdigital: { provider: 'dotdigital' },
    // A handler, every event once.
    chargify: { provider: 'chargify', handler: 'fulfil-order' },
    // A handler, the newest only.
    orders: {
      provider: 'tasks',
      unsigned: true,
      handler: 'fulfil-order',
      delivery: 'payload.id',
      type: 'payload.type',
      subject: 'payload.order',
      revision: 'payload.revision',
    },
    // Every event once, without a handler.
    notes: {
      provider: 'tasks',
      unsigned: true,
      mode: 'each',
      delivery: 'payload.id',
      subject: 'payload.note',
    },
  },
};
