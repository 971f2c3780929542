/**
 * Which folder may import which: `npm run lint` holds it. A folder imports from its own floor's line downwards only, so
 * that whoever reads a file never has to read what is built upon it. docs/architecture.md says what lies on each floor.
 * The script names `handlers` by a pattern, because the folder need not be there. The parser fails at `using`: write try and
 * finally.
 */

/** `functions/` from the ground up. Each may import those before it, and itself. */
const FLOORS = [
  'core',
  'handling',
  'pack',
  'config',
  'aws',
  'parsing',
  'verification',
  'facts',
  'store',
  'secrets',
  'setup',
  'worker',
  'ingest',
  'api',
  'console',
  'providers',
];

/** Packs are knowledge: nothing runs because of them alone. */
const PACK_NEEDS = ['core', 'pack', 'parsing', 'verification', 'providers'];

/** The folders around `functions/`, from the ground up. */
const AROUND = ['handlers', 'config', 'infra', 'local', 'cli'];

const folder = (names) => `^functions/(?:${names.join('|')})/`;
const around = (names) => `^(?:${names.join('|')})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      // Packages of types alone.
      to: { couldNotResolve: true, pathNot: '^(?:aws-lambda|@octokit/webhooks-types)$' },
    },
    ...FLOORS.filter((name) => name !== 'providers').map((name, floor) => ({
      name: `functions/${name}: downwards only`,
      severity: 'error',
      from: { path: folder([name]) },
      to: { path: '^functions/', pathNot: folder(FLOORS.slice(0, floor + 1)) },
    })),
    {
      name: 'functions/providers: knowledge only',
      severity: 'error',
      from: { path: folder(['providers']) },
      to: { path: '^functions/', pathNot: folder(PACK_NEEDS) },
    },
    {
      name: 'functions: never upon what deploys or imitates them',
      severity: 'error',
      from: { path: '^functions/' },
      to: {
        path: '^(?:bin|handlers|infra|local|cli|config|console|inlet\\.config)|node_modules/(?:aws-cdk-lib|constructs|dynalite|fauxqs|esbuild|zod)/',
      },
    },
    {
      name: 'functions/core, pack, config: no AWS',
      severity: 'error',
      from: { path: folder(['core', 'pack', 'config']) },
      to: { path: 'node_modules/@(?:aws-sdk|smithy)/' },
    },
    {
      name: 'functions/*.lambda.ts: entries of a bundle',
      severity: 'error',
      from: {},
      to: { path: '^functions/[^/]+\\.lambda\\.ts$' },
    },
    ...AROUND.map((name, floor) => ({
      name: `${name}: downwards only`,
      severity: 'error',
      from: { path: around([name]) },
      to: { path: around([...AROUND.slice(floor + 1), 'bin']) },
    })),
    {
      // What holds for Inlet must hold whatever somebody has written there. Tests have test/fixtures.
      name: 'inlet.config.ts, handlers: the user’s alone',
      severity: 'error',
      from: { pathNot: '^(?:inlet\\.config\\.ts$|handlers/)' },
      to: { path: '^(?:inlet\\.config\\.ts$|handlers/)' },
    },
    {
      name: 'console: types and states of the functions alone',
      severity: 'error',
      from: { path: '^console/' },
      to: { path: '^(?:functions|infra|local|cli|config|handlers)/', pathNot: '(?:types|core/states)\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      conditionNames: ['import', 'types', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
