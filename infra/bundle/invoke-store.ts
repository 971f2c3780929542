/**
 * Takes the place of `@aws/lambda-invoke-store`, where the SDK looks for the trace id of the invocation. Lambda's
 * runtime brings its own copy and leaves it on `globalThis.awslambda`; where it does not, the SDK goes on to the
 * environment variable `_X_AMZN_TRACE_ID`. Saves 2 KB.
 *
 * Proof: test/unit/bundle/ingest.test.ts finds the trace id on the requests, from either place.
 */
interface Store {
  getXRayTraceId(): string | undefined;
}

export const InvokeStore = {
  getInstanceAsync: async () =>
    (globalThis as { awslambda?: { InvokeStore?: Store } }).awslambda?.InvokeStore,
};
