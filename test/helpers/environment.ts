import { join } from 'node:path';

/** The linter that CDK runs in every synth takes seconds; `npm run synth` runs it once, for real. */
process.env.CDK_VALIDATION = 'false';
/** What is read where a test names no configuration: never the one of the deployment, which is the user's. */
process.env.INLET_CONFIG = join(import.meta.dirname, '../fixtures/inlet-with-handlers.config.ts');
