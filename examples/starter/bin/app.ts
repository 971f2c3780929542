/** The CDK app: `npx cdk deploy -c stage=dev`. */
import { App, Stack } from 'aws-cdk-lib';
import { Inlet, loadInlet } from 'inlet-webhooks/cdk';

const app = new App();
const stage = app.node.tryGetContext('stage') ?? 'dev';
const stack = new Stack(app, `Inlet-${stage}`);
new Inlet(stack, 'Inlet', { config: await loadInlet(), stage });
