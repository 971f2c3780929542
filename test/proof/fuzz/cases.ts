import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { readGatewayEvent } from '../../../functions/ingest/gateway-request.ts';
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import { NOW } from '../../unit/providers/sample-request.ts';
import { eventOf, mutations, sentOf } from './mutations.ts';
import { Random } from './random.ts';
import { type FuzzedSource, type Genuine, ORIGIN } from './sources.ts';

/** One altered request. */
export interface Case {
  readonly source: FuzzedSource;
  readonly genuine: Genuine;
  readonly event: APIGatewayProxyEventV2;
  readonly what: string;
}

/** Most alterations are of what is signed: those that are refused are the ones that matter, and quick. */
const names = Object.keys(mutations).flatMap((name) =>
  /body|proof/.test(name) ? [name, name, name] : [name],
);

/** The same for the same seed and number, whatever comes before. */
export function makeCase(sources: readonly FuzzedSource[], seed: string, number: number): Case {
  const random = new Random(`${seed} ${number}`);
  const from = random.pick(sources);
  const genuine = random.pick(from.genuine);
  const sent = sentOf(genuine.request);
  const applied: string[] = [];
  const source = random.chance(0.03) ? random.pick(sources) : from;
  if (source !== from) applied.push('other source');
  // A source without its secret gets what another one was signed for.
  sent.path = sent.path.replace(/^\/webhooks\/[^/]+/, `/webhooks/${source.name}`);
  const times = random.pick([1, 1, 1, 2, 3]);
  for (let time = 0; time < times; time++) {
    const name = random.pick(names);
    mutations[name]?.(sent, random);
    applied.push(name);
  }
  const what = `${source.name}: ${applied.join(' + ')} (seed "${seed}", request ${number})`;
  return { source, genuine, event: eventOf(sent), what };
}

/** As ingest reads it. */
export function requestOf({ event }: Case): WebhookRequest {
  const { path, ...request } = readGatewayEvent(event, ORIGIN, NOW);
  return { ...request, subpath: path.replace(/^\/webhooks\/[^/]+/, '') };
}
