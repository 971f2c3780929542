/** The CDK app: `npx cdk deploy -c stage=dev`. */
import { App } from 'aws-cdk-lib';
import { loadInlet } from '../config/load.ts';
import { ConfigurationError } from '../functions/core/errors.ts';
import { InletStack } from '../infra/inlet-stack.ts';
import { stageIn } from '../infra/stage.ts';

const app = new App();
try {
  const loaded = await loadInlet();
  const stage = stageIn(app, loaded.config);
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
