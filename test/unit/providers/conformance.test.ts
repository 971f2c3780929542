import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Provider } from '../../../functions/pack/provider.ts';
import { providers } from '../../../functions/providers/index.ts';
import { lacksOf } from './pack-lacks.ts';

const packs = Object.values(providers);
const docs = readFileSync(new URL('../../../docs/providers.md', import.meta.url), 'utf8');

/** Files beside the packs that are none: the type, the registry, and what several packs share. */
const isPack = (file: string, text: string) =>
  /^export const provider(: Provider)? =/m.test(text) && file.endsWith('.ts');

describe('the registry', () => {
  test('knows every pack by its own name', () => {
    expect(Object.entries(providers).filter(([name, pack]) => name !== pack.name)).toEqual([]);
  });

  test('holds every file that exports a pack', () => {
    const folder = new URL('../../../functions/providers/', import.meta.url);
    const files = readdirSync(folder).filter((file) =>
      isPack(file, readFileSync(new URL(file, folder), 'utf8')),
    );
    expect(
      files.map((file) => file.replace(/\.ts$/, '')).filter((name) => !Object.hasOwn(providers, name)),
    ).toEqual([]);
  });
});

describe.each(packs.map((pack): [string, Provider] => [pack.name, pack]))('%s', (_name, pack) => {
  test('lacks nothing', async () => {
    expect(await lacksOf(pack, docs)).toEqual([]);
  });
});
