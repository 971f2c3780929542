import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AccountLimits {
  readonly endpoint: string;
  /** What the account may have from now on; undefined: nobody may ask. */
  allow(limits: Limits | undefined): void;
  close(): void;
}

interface Limits {
  readonly ConcurrentExecutions: number;
  readonly UnreservedConcurrentExecutions: number;
}

/** Lambda's `GetAccountSettings` (https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html). */
export async function startAccount(): Promise<AccountLimits> {
  let limits: Limits | undefined = { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 };
  const server = createServer((request, response) => {
    const reply = (status: number, json: unknown, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(json));
    if (request.method !== 'GET' || !/^\/2016-08-19\/account-settings\/?$/.test(request.url ?? ''))
      return reply(404, {}, { 'x-amzn-errortype': 'UnknownOperationException' });
    if (limits) return reply(200, { AccountLimit: limits, AccountUsage: { FunctionCount: 4 } });
    const message = 'not authorized to perform: lambda:GetAccountSettings';
    return reply(403, { message }, { 'x-amzn-errortype': 'AccessDeniedException' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    allow: (next) => {
      limits = next;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
