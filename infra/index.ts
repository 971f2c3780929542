/** The construct: `inlet-webhooks/cdk`. */
export { type HandlerModules, type Loaded, loadInlet } from '../config/load.ts';
export { ConfigurationError } from '../functions/core/errors.ts';
export { Inlet, type InletProps } from './inlet.ts';
export { type Stage, stageIn, stageOf } from './stage.ts';
