/** Makes `dist`, which is what the package has: `npm run build`. Node strips no types of what lies below node_modules. */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { consoleAssets } from './console.ts';
import { ROOT } from './own-file.ts';

const dist = join(ROOT, 'dist');
rmSync(dist, { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
if (status !== 0) process.exit(1);
for (const file of globSync(['{cli,config,functions,infra,local}/**/*.json'], { cwd: ROOT })) {
  mkdirSync(dirname(join(dist, file)), { recursive: true });
  cpSync(join(ROOT, file), join(dist, file));
}
// The page as it is served, so that nobody who installs the package has to build it.
writeFileSync(join(dist, 'console.json'), JSON.stringify(await consoleAssets()));
