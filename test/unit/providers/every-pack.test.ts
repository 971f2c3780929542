/** Every pack end to end: its samples are accepted by a local Inlet, and a repeat is a duplicate. */
import { expect, test } from '@jest/globals';
import type { SourceConfig } from '../../../functions/config/config.ts';
import { providers } from '../../../functions/providers/index.ts';
import { proveRequest } from '../../../functions/verification/verify.ts';
import { createContext } from '../../helpers/context.ts';
import { bareRequest, standFor } from './sample-request.ts';

const stands = Object.values(providers)
  .map((pack) => ({ pack, stand: standFor(pack) }))
  .filter(({ pack, stand }) => stand.canSign && pack.samples.length > 0);

const sources: Record<string, SourceConfig> = Object.fromEntries(
  stands.map(({ pack, stand }) => [pack.name, { provider: pack.name, options: stand.options }]),
);
const secrets = Object.fromEntries(
  stands.filter(({ stand }) => !stand.withoutSecret).map(({ pack, stand }) => [pack.name, [stand.secret]]),
);
const context = await createContext({ config: { sources }, secrets });

/** A ping without an id or a time of its own: taken for a repeat, a change would be lost. */
const EVERY_ARRIVAL_COUNTS = ['dropbox'];

test.each(stands.map(({ pack, stand }) => [pack.name, pack, stand] as const))(
  '%s',
  async (name, pack, stand) => {
    for (const { subpath = '', headers = {}, body } of pack.samples) {
      const url = `${context.local.url}/webhooks/${name}${subpath}`;
      const request = bareRequest({ url, subpath, headers, body: Buffer.from(body(1)) });
      const proven = await proveRequest(pack, { request, ...stand, now: Date.now() });
      const post = () =>
        fetch(proven.url, {
          method: 'POST',
          headers: { ...proven.headers },
          body: new Uint8Array(proven.body),
        });
      const second = EVERY_ARRIVAL_COUNTS.includes(name) ? 'accepted' : 'duplicate';
      for (const expected of ['accepted', second]) {
        const answer = await post();
        expect([answer.headers.get('inlet-outcome'), answer.status]).toEqual([
          expected,
          pack.acknowledge?.status ?? 202,
        ]);
      }
      const bare = await fetch(url, {
        method: 'POST',
        headers: { ...headers },
        body: new Uint8Array(request.body),
      });
      expect(bare.status).toBe(401);
    }
  },
);
