/** The CDK app: `npx cdk deploy -c stage=dev`. */
import { App } from 'aws-cdk-lib';
import { loadInlet } from '../config/load.ts';
import { ConfigurationError } from '../functions/core/errors.ts';
import { InletStack } from '../infra/inlet-stack.ts';
import { stageOf } from '../infra/stage.ts';

const app = new App();
try {
  const said = (key: string): unknown => app.node.tryGetContext(key);
  const loaded = await loadInlet();
  const stage = stageOf(String(said('stage') ?? 'dev'), loaded.config, {
    production: said('production'),
    first: said('first'),
  });
  // So that a wrong guess is seen before it costs data. CDK shows annotations from warnings on only.
  console.error(stage.summary);
  new InletStack(app, `Inlet-${stage.name}`, {
    config: loaded,
    stage,
    description: `Inlet: a serverless inbox for webhooks (${stage.name}).`,
  });
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  // The list says everything; a stack trace would push it off the screen.
  console.error(error.message);
  process.exit(1);
}
app.synth();
