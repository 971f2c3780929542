/** The CDK app: `npx cdk deploy -c stage=dev`. */
import { App, Stack } from 'aws-cdk-lib';
import { Inlet, loadInlet, stageOf } from 'inlet-webhooks/cdk';

const app = new App();
const said = (key: string) => app.node.tryGetContext(key);
const config = await loadInlet();
// By its name, or -c production=true: what is for production outlives its stack and is locked.
const stage = stageOf(said('stage') ?? 'dev', config.config, {
  production: said('production'),
  first: said('first'),
});
console.error(stage.summary);
const stack = new Stack(app, `Inlet-${stage.name}`, { terminationProtection: stage.locked });
new Inlet(stack, 'Inlet', { config, stage });
