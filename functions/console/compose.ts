import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { composeApi } from '../api/compose.ts';
import type { ApiSetup } from '../api/parts.ts';
import type { Authorize } from '../api/token.ts';
import { type PageOptions, servePage } from './page.ts';
import { type ConsoleRouteOptions, consoleRoutes } from './routes.ts';

export type ConsoleOptions = PageOptions & Omit<ConsoleRouteOptions, 'now'>;

/** The console: its page below `/console`, open to everybody, and the API below `/api`, open to nobody without a token. */
export function composeConsole(
  setup: ApiSetup,
  authorize: Authorize,
  options: ConsoleOptions,
): (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2> {
  const api = composeApi(setup, authorize, consoleRoutes({ ...options, now: setup.now }));
  return (event) => (/^\/console(\/|$)/.test(event.rawPath) ? servePage(options, event) : api(event));
}
