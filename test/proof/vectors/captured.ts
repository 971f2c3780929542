/** Real requests of 17 providers, which lie beside the repository: their secrets are unknown, so it is about meaning. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { EventFacts } from '../../../functions/core/facts.ts';
import { providers } from '../../../functions/providers/index.ts';
import { factsOf } from '../../unit/providers/pack-lacks.ts';
import { bareRequest, standFor } from '../../unit/providers/sample-request.ts';

export interface Capture {
  readonly provider: string;
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const folder = resolve(import.meta.dirname, '../../../../shared/captures');

/** Named otherwise than their packs. HubSpot's are of version 1 and 3 at once, and GitLab's carry the token. */
export const PACKS: Readonly<Record<string, string>> = { hubspot: 'hubspot-v3', gitlab: 'gitlab-token' };

/** Of these there is no pack. */
export const WITHOUT_PACK = ['ampersand', 'commerce-layer', 'monday', 'paddle-classic', 'pipedrive'];

export function captures(): readonly Capture[] | undefined {
  if (!existsSync(folder)) {
    process.stdout.write(`skipped: there are no captures at ${folder}\n`);
    return undefined;
  }
  return readdirSync(folder).flatMap((file) => {
    const { rows } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { rows: readonly Capture[] };
    return rows.map((row) => ({ ...row, provider: file.replace('.json', '') }));
  });
}

export interface Described extends Capture {
  readonly text: string;
  readonly facts: EventFacts;
}

export function describedEvents(all: readonly Capture[]): readonly Described[] {
  return all.flatMap((capture) => {
    const pack = providers[PACKS[capture.provider] ?? capture.provider];
    if (!pack) return [];
    const text = JSON.stringify(capture.body);
    const request = bareRequest({ headers: capture.headers, body: Buffer.from(text) });
    return factsOf(pack, request, standFor(pack)).map((facts) => ({ ...capture, text, facts }));
  });
}
