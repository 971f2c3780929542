/** The access log of the gateway, which no function writes: lines as the gateway would, in the template's own format. */
import { at, type StackTemplate } from '../../helpers/template.ts';

/** What was asked for, and the status of the answer. */
const ANSWERED: readonly (readonly [path: string, status: string])[] = [
  ['/webhooks/tasks', '202'],
  ['/webhooks/tasks', '401'],
  ['/webhooks/tasks', '500'],
  ['/webhooks/tasks', '503'],
  ['/webhooks/fortellis/event/channel', '503'],
  ['/webhooks/tasks', '429'],
  ['/webhooks/fortellis/event/channel', '429'],
  // Nobody is called for these.
  ['/api/audit', '504'],
  ['/console', '500'],
  ['/api/events', '429'],
  ['/wp-login.php', '429'],
];

const QUOTED = 'The function said "no": {"errorType":"Error"}';

/**
 * Values that the gateway puts in as they are. Anything else is `-`, as of a request that has no such value
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html).
 */
function variables(path: string, status: string): Readonly<Record<string, string>> {
  const common = { path, status };
  if (!status.startsWith('5')) return common;
  return {
    ...common,
    integrationErrorMessage: QUOTED,
    'integration.error': QUOTED,
    'integration.integrationStatus': '200',
    'error.message': QUOTED,
    'error.messageString': JSON.stringify(QUOTED),
    'error.responseType': 'INTEGRATION_FAILURE',
  };
}

/** How many lines a filter has to count: webhooks that were answered 5xx, and that were refused by the throttle. */
export const EXPECTED = { serverErrors: 3, throttled: 2 };

/** The lines by their log group. */
export function accessLog(template: StackTemplate): Readonly<Record<string, readonly string[]>> {
  const [[, stage] = []] = template.ofType('AWS::ApiGatewayV2::Stage');
  const settings = at(stage, 'Properties.AccessLogSettings');
  const group = String(at(settings, 'DestinationArn.Fn::GetAtt.0'));
  const lines = ANSWERED.map(([path, status]) => {
    const values = variables(path, status);
    return String(at(settings, 'Format')).replace(
      /\$context\.([\w.]+)/g,
      (_, name: string) => values[name] ?? '-',
    );
  });
  return { [group]: lines };
}
