/** Takes the place of `node:https` and `https`, for the reason told in node-http.ts. */
const https = process.getBuiltinModule('node:https');
export const { Agent, request } = https;
export default https;
