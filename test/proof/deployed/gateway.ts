/** Plays the HTTP API of a template: a request goes where the routes lead it, if the function lets the gateway in. */
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { gatewayEvent } from '../../../local/gateway-event.ts';
import { at, type Resource, type StackTemplate } from '../../helpers/template.ts';
import type { Cloud } from './cloud.ts';
import type { DeployedFunction } from './deployment.ts';

const DOMAIN = 'api.execute-api.us-east-1.amazonaws.com';
export const ORIGIN = `https://${DOMAIN}`;

export interface GatewayRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** @throws Error when the template leads the request nowhere. */
export type Send = (request: GatewayRequest) => Promise<APIGatewayProxyStructuredResultV2>;

export function openGateway(
  template: StackTemplate,
  cloud: Cloud,
  functions: readonly DeployedFunction[],
): Send {
  return async ({ method, url, headers = {}, body = Buffer.alloc(0) }) => {
    const { pathname } = new URL(url, ORIGIN);
    const target = functions.find(({ id }) => id === routeTo(template, cloud, method, pathname));
    if (!target) throw new Error(`the gateway leads ${method} ${pathname} nowhere`);
    const rawHeaders = Object.entries(headers).flat();
    const request = { method, url, rawHeaders, socket: {}, httpVersion: '1.1' } as unknown as IncomingMessage;
    const event = gatewayEvent(request, body, { domainName: DOMAIN, now: Date.now() });
    return (await target.process.invoke(event, target.timeoutMs)).answer;
  };
}

/** The route that the gateway takes for a request. */
function routeOf(template: StackTemplate, method: string, path: string): Resource['Properties'] | undefined {
  const keys = template.ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties);
  const fits = (key: string) => {
    const [verb, pattern = ''] = key.split(' ');
    const expression = `^${pattern.replace(/\{[^}]+\+\}/g, '.+').replace(/\{[^}]+\}/g, '[^/]+')}$`;
    return (verb === 'ANY' || verb === method) && new RegExp(expression).test(path);
  };
  return (
    keys.find(({ RouteKey }) => fits(String(RouteKey))) ??
    keys.find(({ RouteKey }) => RouteKey === '$default')
  );
}

/** The function that the gateway hands a request to, if the template lets it. */
export function routeTo(
  template: StackTemplate,
  cloud: Pick<Cloud, 'resolve'>,
  method: string,
  path: string,
): string | undefined {
  const route = routeOf(template, method, path);
  const [, integrationId] = String(cloud.resolve(route?.Target)).split('/');
  const integration = template.resources[integrationId ?? '']?.Properties;
  const target = (at(integration, 'IntegrationUri.Fn::GetAtt') as string[] | undefined)?.[0];
  const permitted = template
    .ofType('AWS::Lambda::Permission')
    .map(([, { Properties }]) => Properties)
    .some(
      ({ Action, Principal, FunctionName, SourceArn }) =>
        Action === 'lambda:InvokeFunction' &&
        Principal === 'apigateway.amazonaws.com' &&
        JSON.stringify(FunctionName).includes(`"${target}"`) &&
        JSON.stringify(SourceArn).includes(routePath(String(route?.RouteKey))),
    );
  return permitted ? target : undefined;
}

/** How the source ARN of a permission ends for a route. */
function routePath(key: string): string {
  return key === '$default' ? '/*/*"' : `/*/*${key.split(' ')[1]}"`;
}
