import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** The property of a pack, up to the next one. Every file is formatted alike. */
const NOTE = /^( +)unverified:[\s\S]*?(?=^\1\S|^ *\})/gm;

/**
 * What could not be checked about a provider is written for `docs/providers.md`; no function reads it. Saves 9 KB where every
 * pack is used.
 *
 * Proof: test/bundle/contents.test.ts looks for it.
 */
export const withoutNotes: Plugin = {
  name: 'without-unverified-notes',
  setup(build) {
    build.onLoad({ filter: /functions\/providers\/[a-z0-9-]+\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { contents: source.replace(NOTE, ''), loader: 'ts' };
    });
  },
};
