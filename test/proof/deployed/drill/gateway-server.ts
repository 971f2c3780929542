/** The HTTP API of a template over real HTTP, with its access log. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { gatewayEvent } from '../../../../local/gateway-event.ts';
import { listenOnLoopback } from '../../../helpers/loopback.ts';
import { at, type StackTemplate } from '../../../helpers/template.ts';
import type { Cloud } from '../cloud.ts';
import { routeTo } from '../gateway.ts';
import type { LambdaStandIn } from './lambda.ts';

export interface GatewayServer {
  readonly origin: string;
  /** Lines of the access log that nobody has collected yet. */
  readonly lines: string[];
  readonly logGroup: string;
  /** The function behind it comes later: it has to know the origin before it starts. */
  connect(lambda: LambdaStandIn, cloud: Cloud): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Lambda's own status. */
  readonly lambda?: string;
}

/** The gateway's own words (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html). */
function ownAnswer(status: number, message: string, lambda?: string): Answer {
  const body = Buffer.from(JSON.stringify({ message }));
  return { status, headers: { 'content-type': 'application/json' }, body, ...(lambda && { lambda }) };
}

export async function startGatewayServer(template: StackTemplate): Promise<GatewayServer> {
  const [[, stage] = []] = template.ofType('AWS::ApiGatewayV2::Stage');
  const settings = at(stage, 'Properties.AccessLogSettings');
  const format = String(at(settings, 'Format'));
  const lines: string[] = [];
  let behind: { readonly lambda: LambdaStandIn; readonly cloud: Cloud } | undefined;
  const server = createServer((request, response) => void serve(request, response));
  const { endpoint, close } = await listenOnLoopback(server);
  const domainName = new URL(endpoint).host;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const event = gatewayEvent(request, Buffer.concat(await request.toArray()), {
      domainName,
      now: Date.now(),
    });
    const { requestId, http } = event.requestContext;
    const { status, headers, body, lambda } = await answer(http.method, http.path, event);
    const values: Readonly<Record<string, string>> = {
      requestId,
      httpMethod: http.method,
      path: http.path,
      'integration.integrationStatus': lambda ?? '-',
      'error.responseType': lambda === '200' ? '-' : 'INTEGRATION_FAILURE',
      status: String(status),
      'identity.sourceIp': http.sourceIp,
      responseLatency: '5',
      responseLength: String(body.length),
    };
    lines.push(format.replace(/\$context\.([\w.]+)/g, (_, name: string) => values[name] ?? '-'));
    response.writeHead(status, { ...headers, 'apigw-requestid': requestId }).end(body);
  }

  async function answer(method: string, path: string, event: unknown): Promise<Answer> {
    const target = behind && routeTo(template, behind.cloud, method, path);
    if (!behind || !target) return ownAnswer(404, 'Not Found');
    const invoked = await behind.lambda.invoke(target, event);
    if (invoked.kind === 'throttled') return ownAnswer(503, 'Service Unavailable', '429');
    if (invoked.kind === 'failed') return ownAnswer(500, 'Internal Server Error', '200');
    const {
      statusCode = 200,
      headers = {},
      body = '',
      isBase64Encoded,
    } = invoked.answer as APIGatewayProxyStructuredResultV2;
    const texts = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
    return {
      lambda: '200',
      status: statusCode,
      headers: Object.fromEntries(texts),
      body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
    };
  }

  return {
    origin: endpoint,
    lines,
    logGroup: String(at(settings, 'DestinationArn.Fn::GetAtt.0')),
    connect: (lambda, cloud) => {
      behind = { lambda, cloud };
    },
    close,
  };
}
