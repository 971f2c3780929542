import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { isOwn } from './is-sdk.ts';

/** The property of a pack, up to the next one. Every file is formatted alike. */
const NOTE = /^( +)unverified:[\s\S]*?(?=^\1\S|^ *\})/gm;

/** Sentences of a pack or a scheme that only the documentation shows. */
const SENTENCE = /^ +(?:because|remains|proof):\s*'(?:[^'\\]|\\.)*',$/gm;

/** Reasons that count by being there, whatever they say. */
const REASON = /^( +)(snapshots|discardsOlder):\s*'(?:[^'\\]|\\.)*',$/gm;

/**
 * What is written for `docs/providers.md`, and what could not be checked about a provider, no function reads. Saves 15 KB
 * where every pack is used.
 *
 * Proof: test/unit/bundle/contents.test.ts looks for it.
 */
export const withoutNotes: Plugin = {
  name: 'without-unverified-notes',
  setup(build) {
    build.onLoad({ filter: /functions\/(providers|verification)\/[a-z0-9-]+\.[jt]s$/ }, async ({ path }) => {
      if (!isOwn(path)) return undefined;
      const source = await readFile(path, 'utf8');
      const contents = source.replace(NOTE, '').replace(SENTENCE, '').replace(REASON, "$1$2: '-',");
      return { contents, loader: 'ts' };
    });
  },
};
