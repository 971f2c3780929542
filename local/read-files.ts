/** Which files of the user's a server has read: `inlet dev` starts it again when one of them changes. */
import { registerHooks } from 'node:module';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Inlet's own code changes for nobody but those who write it. */
const OWN = ['cli', 'config', 'functions', 'infra', 'local'].map((name) =>
  join(import.meta.dirname, '..', name, sep),
);

/** Tells of each file as it is read from now on. Modules that are read later count as well. */
export function tellFilesRead(tell: (file: string) => void): void {
  tell(resolve(process.env.INLET_CONFIG ?? 'inlet.config.ts'));
  registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) {
        const file = fileURLToPath(url);
        if (!file.includes(`${sep}node_modules${sep}`) && !OWN.some((folder) => file.startsWith(folder)))
          tell(file);
      }
      return next(url, context);
    },
  });
}
