/** What the code of whoever uses Inlet imports: `inlet-webhooks`. Nothing of AWS, of the CDK or of the stand-ins. */
export type {
  IngressConfig,
  InletConfig,
  SourceConfig,
} from './config/config.ts';
export {
  defineInlet,
  type HandlerModule,
  type HandlerValue,
  type InletDefinition,
  type LazyHandler,
  type SourceDefinition,
} from './config/definition.ts';
export { InletError, PermanentError, RetryAfter, UnfitPayloadError } from './core/errors.ts';
export type {
  Effects,
  Handler,
  HandlerContext,
  HandlerFunction,
  HandlerLog,
  InboxEvent,
} from './core/handler.ts';
export { on } from './handling/on.ts';
export type { HandlersByType, PayloadOf, Payloads } from './handling/types.ts';
export { withSchema } from './handling/with-schema.ts';
