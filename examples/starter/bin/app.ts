/** The CDK app: `npx cdk deploy -c stage=dev`. */
import { App, Stack } from 'aws-cdk-lib';
import { Inlet, loadInlet, stageIn } from 'inlet-webhooks/cdk';

const app = new App();
const config = await loadInlet();
// `-c stage=<name>`. By its name, or -c production=true: what is for production outlives its stack and is locked.
const stage = stageIn(app, config.config);
console.error(stage.summary);
const stack = new Stack(app, `Inlet-${stage.name}`, { terminationProtection: stage.locked });
new Inlet(stack, 'Inlet', { config, stage });
