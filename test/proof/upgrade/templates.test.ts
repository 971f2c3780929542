/** What CloudFormation does to the stack of a kept release at the upgrade, and on the way back. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { synthesize } from '../../helpers/template.ts';
import type { Template } from '../../unit/infra/schemas/finding.ts';
import { collisions } from '../../unit/infra/schemas/names.ts';
import { holdsState, isAddressed, lost } from '../../unit/infra/schemas/replacement.ts';
import { config } from './config.ts';
import { byVersion, keptReleases } from './kept-release.ts';
import { KEPT_STACKS } from './kept-stacks.ts';

const isMissed = (type: string) => holdsState(type) || isAddressed(type);

/**
 * What each release makes for itself: the group for the access log, whose lines are gone after 30 days anyway,
 * CloudFront's secrets, which nobody has to know, and the policies for people, which the way back to a release without
 * them takes away (docs/upgrade.md says to detach them first).
 */
const OWN = /^(?:Ingress(?:AccessLogs|GatewayLogs|FrontSecret)|Access(?:Reader|Operator) is removed$)/;

function keptTemplate(release: string, stack: string): Template {
  const file = readFileSync(join(import.meta.dirname, release, 'templates.json.br'));
  return JSON.parse(brotliDecompressSync(file).toString())[stack];
}

const ways = keptReleases().flatMap((release) =>
  Object.entries(KEPT_STACKS).map(([name, stack]) => ({ release, name, ...stack })),
);

describe.each(ways)('$release, $name', ({ release, name, stage, ...changes }) => {
  const kept = keptTemplate(release, name);
  const present = JSON.parse(synthesize({ ...config, ...changes }, stage).text) as Template;

  test('the upgrade and the way back take nothing that is kept or known by its address', () => {
    const gone = [...lost(kept, present, isMissed), ...lost(present, kept, isMissed)];
    expect(gone.filter((it) => !OWN.test(it))).toEqual([]);
  });

  test('no name is taken, on either way', () => {
    expect(collisions(kept, present)).toEqual([]);
    expect(collisions(present, kept)).toEqual([]);
  });
});

test('releases are in the order of their numbers', () => {
  expect(['0.10.0', '0.2.0', '0.1.0'].sort(byVersion)).toEqual(['0.1.0', '0.2.0', '0.10.0']);
});
