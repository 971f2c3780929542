/**
 * Takes the place of `node:http`: an ESM import of it makes Node read every export, and one of them (`WebSocket`)
 * loads undici, about 35 ms. `getBuiltinModule` gives the same object and reads nothing
 * (https://nodejs.org/api/process.html#processgetbuiltinmoduleid).
 *
 * Proof: test/unit/bundle/ingest.test.ts makes real requests through it, with keep-alive, resets and time-outs.
 */
const http = process.getBuiltinModule('node:http');
export const { Agent, request } = http;
export default http;
