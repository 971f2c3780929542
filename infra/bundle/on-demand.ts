import { basename, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

const functions = resolve(import.meta.dirname, '../../functions');

/**
 * The one module that the SDK itself loads on demand. Left to esbuild it would stay in the entry, and keep whole every
 * module that it shares with the rest, each in a closure of its own: 20 KB.
 */
const OF_THE_SDK = '@smithy/core/event-streams';

/**
 * What functions import by `import()` becomes a file beside the entry, so that a cold start reads it only when a request
 * needs it. Such a file brings its own copy of what it shares with the entry: nothing of that may have a state. Not
 * esbuild's `splitting`, which moves what is shared into further files that every cold start would read.
 * @param parts is filled: the path of each module by the name of its file.
 */
export function onDemand(parts: Map<string, string>): Plugin {
  return {
    name: 'on-demand',
    setup(build) {
      build.onResolve({ filter: /./ }, async ({ kind, path, resolveDir }) => {
        const ours = path.startsWith('.') && resolveDir.startsWith(functions);
        if (kind !== 'dynamic-import' || !(ours || path === OF_THE_SDK)) return undefined;
        const resolved = await build.resolve(path, { kind: 'import-statement', resolveDir });
        if (resolved.errors.length > 0) return resolved;
        const name = freeName(parts, basename(path).replace(/\.[jt]s$/, ''), resolved.path);
        parts.set(name, resolved.path);
        return { path: `./${name}.mjs`, external: true };
      });
    },
  };
}

/** Another module of the same name gets a number: a project may have two versions of a package. */
function freeName(parts: ReadonlyMap<string, string>, base: string, path: string): string {
  let name = base;
  for (let n = 2; (parts.get(name) ?? path) !== path; n++) name = `${base}-${n}`;
  return name;
}
