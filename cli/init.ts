import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Output } from './output.ts';

/** Two folders up in the package, where `dist` lies between; one in the repository. */
const ABOVE = ['../..', '..'].map((up) => join(import.meta.dirname, up));
const STARTER = ABOVE.map((folder) => join(folder, 'examples/starter'));
const PACKAGE = ABOVE.map((folder) => join(folder, 'package.json'));

/** What the project's own code needs. The package brings the rest. */
const DEPENDENCIES = { 'aws-cdk-lib': '^2.276.0', constructs: '^10.8.1' };
const DEV_DEPENDENCIES = {
  '@types/node': '^24.0.0',
  'aws-cdk': '^2.1148.0',
  stripe: '^23.0.0',
  typescript: '^7.0.0',
};
const SCRIPTS = {
  start: 'inlet dev',
  test: 'tsc && node --test',
  deploy: 'cdk deploy',
};

/**
 * `inlet init`: writes a project into the working directory. What is there already stays as it is.
 * @returns nothing; says what it has written, and what is to be added by hand.
 */
export async function init(output: Output): Promise<void> {
  const starter = STARTER.find((folder) => existsSync(folder));
  if (!starter) throw new Error('examples/starter is not in the package');
  const existing = existsSync('cdk.json');
  const written: string[] = [];
  const kept: string[] = [];
  for (const file of readdirSync(starter, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const name = join(file.parentPath, file.name).slice(starter.length + 1);
    // An app that is there is added to by hand.
    const isAppOfOurs = existing && (name === 'cdk.json' || name === join('bin', 'app.ts'));
    if (existsSync(name) || isAppOfOurs) {
      kept.push(name);
      continue;
    }
    cpSync(join(starter, name), name, { recursive: true });
    written.push(name);
  }
  if (writeIgnored()) written.push('.gitignore');
  if (writePackage(existing)) written.push('package.json');
  for (const name of written) output.line(`wrote ${name}`);
  for (const name of kept) output.line(`left as it is: ${name}`);
  if (existing) output.line(`\nAdd to your CDK app:\n\n${LINES}`);
  output.line(
    '\nNext: npm install, npm start, and in another terminal: npx inlet send stripe --type invoice.paid',
  );
}

/** What of a package.json counts here. */
type Found =
  | Readonly<Record<'scripts' | 'dependencies' | 'devDependencies', Record<string, string> | undefined>>
  | Record<string, never>;

const LINES = `import { Inlet, loadInlet } from 'inlet-webhooks/cdk';

new Inlet(stack, 'Inlet', { config: await loadInlet(), stage: 'dev' });

The await needs an ES module ("type": "module", or a file that ends in .mts). The command line looks for the stack Inlet-<stage>:
set INLET_STACK to the name of yours.`;

/** What is missing in package.json. */
function writePackage(hasApp: boolean): boolean {
  const file = resolve('package.json');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const found = text === undefined ? {} : (JSON.parse(text) as Found);
  const made = {
    private: true,
    ...found,
    // An app that is there may be CommonJS, and has its own commands.
    ...(!hasApp && { type: 'module' }),
    scripts: { ...(hasApp ? { start: SCRIPTS.start } : SCRIPTS), ...withoutDefaultTest(found.scripts) },
    dependencies: {
      ...lacking({ 'inlet-webhooks': `^${version()}`, ...DEPENDENCIES }, found),
      ...found.dependencies,
    },
    devDependencies: { ...lacking(DEV_DEPENDENCIES, found), ...found.devDependencies },
  };
  const next = `${JSON.stringify(made, null, 2)}\n`;
  if (next === text) return false;
  writeFileSync(file, next);
  return true;
}

/** Of this package. */
function version(): string {
  const file = PACKAGE.find((name) => existsSync(name)) ?? '';
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}

/** Those that the project has in neither list. */
function lacking(
  wanted: Record<string, string>,
  { dependencies, devDependencies }: Found,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(wanted).filter(([name]) => !(name in { ...dependencies, ...devDependencies })),
  );
}

/** `npm init` writes a test that always fails. */
function withoutDefaultTest({ test, ...scripts }: Record<string, string> = {}): Record<string, string> {
  return test === undefined || test.includes('no test specified') ? scripts : { ...scripts, test };
}

/** The folder of the local server holds its token and the secrets that were handed over. */
const IGNORED = ['node_modules/', 'cdk.out/', '.inlet/'];

function writeIgnored(): boolean {
  const text = existsSync('.gitignore') ? readFileSync('.gitignore', 'utf8') : '';
  const lines = text.split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, ''));
  const missing = IGNORED.filter((name) => !lines.includes(name.replace(/\/$/, '')));
  if (missing.length === 0) return false;
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  writeFileSync('.gitignore', `${before}${missing.join('\n')}\n`);
  return true;
}
