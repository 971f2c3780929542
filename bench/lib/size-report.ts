/** Where the bytes of a bundle come from, by esbuild's own account. */
import type { Metafile } from 'esbuild';

/** Bytes by npm package; the repository's own by folder. */
export function bytesByModule(metafile: Metafile): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = moduleOf(path);
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return new Map([...bytes].filter(([, size]) => size > 0).toSorted((a, b) => b[1] - a[1]));
}

function moduleOf(path: string): string {
  const module = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return module ?? /((?:functions|infra)\/[^/]+)\//.exec(path)?.[1] ?? 'functions';
}
