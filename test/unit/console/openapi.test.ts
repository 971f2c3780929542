/** docs/openapi.json says what the code does: every route is in it, and every answer is what it says. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import description from '../../../docs/openapi.json' with { type: 'json' };
import { parseEventQuery } from '../../../functions/api/event-query.ts';
import { routes } from '../../../functions/api/routes.ts';
import { FORMAT } from '../../../functions/core/format.ts';
import { createContext } from '../../helpers/context.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';

type Operation = { readonly responses: Readonly<Record<string, unknown>> };

const { local, post, api, waitFor } = await createContext();
const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { 'date-time': isTime } });
ajv.addSchema(description, 'openapi');

function isTime(text: string): boolean {
  return new Date(text).toISOString() === text;
}

const documented = Object.entries(description.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([method]) => method === 'get' || method === 'post')
    .map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation: operation as Operation,
    })),
);

/** What is wrong with an answer, by the description. */
function mistakes(path: string, method: 'get' | 'post', status: number, body: unknown): unknown {
  const escaped = path.replaceAll('/', '~1');
  const item = `#/paths/${escaped}/${method}/responses/${status}`;
  const own = ajv.getSchema(`openapi${item}/content/application~1json/schema`);
  const shared = ajv.getSchema(`openapi#/components/responses/${status}/content/application~1json/schema`);
  const operation = documented.find(
    (one) => one.path === path && one.method === method.toUpperCase(),
  )?.operation;
  if (!operation || !(String(status) in operation.responses))
    return `${method} ${path} ${status} is not described`;
  const validate = own ?? shared;
  return validate?.(body) ? [] : (validate?.errors ?? 'no schema');
}

test('every route is described, and nothing else', () => {
  const sample = (path: string) => path.replaceAll(/\{\w+\}/g, 'x');
  // A replay's path would match an event's as well, so the order of the routes decides here, too.
  const below = documented.filter(({ path }) => path.startsWith('/api/'));
  const described = below.map(({ path, method }) =>
    routes.find((route) => route.method === method && route.path.test(sample(path))),
  );
  expect(described).not.toContain(undefined);
  expect(new Set(described)).toEqual(new Set(routes));
  expect(described.length).toBe(routes.length);
});

test('what changes something is described with 403', () => {
  for (const { path, method, operation } of documented.filter((one) => one.path.startsWith('/api/'))) {
    const route = routes.find(
      (one) => one.method === method && one.path.test(path.replaceAll(/\{\w+\}/g, 'x')),
    );
    expect([path, '403' in operation.responses]).toEqual([path, route?.needs === 'operate']);
  }
});

test('every parameter of the list is described', () => {
  const names = description.paths['/api/events'].get.parameters.map(({ name }) => name);
  for (const name of names) expect(() => parseEventQuery(new URLSearchParams({ [name]: '' }))).not.toThrow();
  expect(() => parseEventQuery(new URLSearchParams({ other: '' }))).toThrow(names.join(', '));
});

test('answers are as described', async () => {
  for (const state of ['read', 'sent'] as const) {
    const body = JSON.stringify(messageEvent('m', state));
    await post('dotdigital', body, signDotdigital(body));
  }
  await post('dotdigital', '{', signDotdigital('{'));
  await waitFor(async () => {
    const { body } = await api('/api/events?state=stale,quarantined');
    return (body as { events: unknown[] }).events.length === 2;
  });
  const lost = { id: { S: 'dotdigital#lost' }, source: { S: 'dotdigital' }, key: { S: 'lost' } };
  await local.setup.dynamodb.send(
    new PutItemCommand({
      TableName: local.setup.tables.ledger,
      Item: { ...lost, state: { S: 'queued' }, kind: { S: 'event' }, receivedAt: { N: '1' } },
    }),
  );
  const event = '/api/events/{source}/{id}';
  const subject = '/api/subjects/{source}/{subject}';
  const calls: readonly (readonly [string, 'get' | 'post', string, number, unknown?])[] = [
    ['/api/audit', 'get', '/api/audit', 200],
    ['/api/sources', 'get', '/api/sources', 200],
    ['/api/events', 'get', '/api/events?limit=2', 200],
    ['/api/events', 'get', '/api/events?limit=0', 400],
    [event, 'get', '/api/events/dotdigital/m-read?body=true', 200],
    [event, 'get', '/api/events/dotdigital/nobody', 404],
    [subject, 'get', '/api/subjects/dotdigital/space:message:m', 200],
    [subject, 'get', '/api/subjects/dotdigital/nobody', 404],
    [`${event}/replay`, 'post', '/api/events/dotdigital/m-read/replay', 200, { dryRun: true }],
    [`${event}/replay`, 'post', '/api/events/dotdigital/m-read/replay', 200, {}],
    [`${event}/replay`, 'post', '/api/events/dotdigital/m-read/replay', 400, { dryRun: 1 }],
    [`${event}/replay`, 'post', '/api/events/dotdigital/m-read/replay', 409, { force: true }],
    [`${event}/reclaim`, 'post', '/api/events/dotdigital/lost/reclaim', 200, {}],
    [`${event}/reclaim`, 'post', '/api/events/dotdigital/m-read/reclaim', 409],
    [`${event}/reclaim`, 'post', '/api/events/dotdigital/nobody/reclaim', 404],
    [`${subject}/clear-lease`, 'post', '/api/subjects/dotdigital/space:message:m/clear-lease', 200, {}],
    [
      `${subject}/clear-lease`,
      'post',
      '/api/subjects/dotdigital/space:message:m/clear-lease',
      400,
      { all: 1 },
    ],
    [`${subject}/clear-lease`, 'post', '/api/subjects/dotdigital/nobody/clear-lease', 404, {}],
    [`${subject}/reset`, 'post', '/api/subjects/dotdigital/space:message:m/reset', 200, { dryRun: true }],
    [`${subject}/reset`, 'post', '/api/subjects/dotdigital/space:message:m/reset', 400, { all: 1 }],
    [`${subject}/reset`, 'post', '/api/subjects/dotdigital/nobody/reset', 404, {}],
    [`${subject}/reset`, 'post', '/api/subjects/dotdigital/space:message:m/reset', 200, {}],
    [subject, 'get', '/api/subjects/dotdigital/space:message:m', 200],
    ['/api/replay', 'post', '/api/replay', 200, { state: 'stale', dryRun: true }],
    ['/api/dead/redrive', 'post', '/api/dead/redrive', 200, { dryRun: true }],
    ['/api/dead/redrive', 'post', '/api/dead/redrive', 400, { state: 'applied' }],
  ];
  for (const [path, method, url, status, request] of calls) {
    const init = {
      method: method.toUpperCase(),
      ...(request !== undefined && { body: JSON.stringify(request) }),
    };
    const answer = await api(url, init);
    expect([url, answer.status]).toEqual([url, status]);
    expect([url, mistakes(path, method, status, answer.body)]).toEqual([url, []]);
  }
});

test('what a newer release has written is answered as described', async () => {
  const newer = { format: { N: String(FORMAT + 1) } };
  const item = { id: { S: 'dotdigital#newer' }, source: { S: 'dotdigital' }, key: { S: 'newer' }, ...newer };
  const { dynamodb, tables } = local.setup;
  await dynamodb.send(
    new PutItemCommand({ TableName: tables.ledger, Item: { ...item, state: { S: 'dead' } } }),
  );
  await dynamodb.send(
    new PutItemCommand({ TableName: tables.subjects, Item: { ...item, subject: item.key } }),
  );
  for (const [path, url] of [
    ['/api/events/{source}/{id}', '/api/events/dotdigital/newer'],
    ['/api/subjects/{source}/{subject}', '/api/subjects/dotdigital/newer'],
  ] as const) {
    const { status, body } = await api(url);
    expect([url, status, mistakes(path, 'get', status, body)]).toEqual([url, 409, []]);
  }
});

test('webhooks are answered as described, header by header', async () => {
  const { parameters, headers, responses } = description.components;
  const longest = headers.requestId.schema.maxLength;
  expect(parameters.requestId.name).toBe('x-request-id');
  const body = JSON.stringify(messageEvent('described', 'sent'));
  const signed = signDotdigital(body);
  const large = Buffer.alloc(7_000_000, ' ');
  const answers = [
    [202, await post('dotdigital', body, { ...signed, 'x-request-id': 'r'.repeat(longest) })],
    [202, await post('dotdigital', body, { ...signed, 'x-request-id': 'r'.repeat(longest + 1) })],
    [401, await post('dotdigital', body, { 'x-request-id': 'one' })],
    [404, await post('nobody', body, { 'x-request-id': 'one' })],
    [405, await fetch(`${local.url}/webhooks/dotdigital`, { method: 'PUT', body })],
    [413, await post('dotdigital', large)],
  ] as const;
  const echoed: (number | undefined)[] = [];
  for (const [status, answer] of answers) {
    expect(answer.status).toBe(status);
    const operation = description.paths['/webhooks/{source}'].post.responses;
    const described = status === 202 ? operation['2XX'] : status in operation && responses.refused;
    if (!described) throw new Error(`${status} is not described`);
    const own = [...answer.headers.keys()].filter((name) => /^(inlet|x)-/.test(name));
    expect(Object.keys(described.headers)).toEqual(expect.arrayContaining(own));
    expect(headers.outcome.schema.enum).toContain(answer.headers.get('inlet-outcome'));
    echoed.push(answer.headers.get('x-request-id')?.length);
    if (status === 202) continue;
    const validate = ajv.getSchema('openapi#/components/responses/refused/content/application~1json/schema');
    expect(validate?.(await answer.json())).toBe(true);
  }
  expect(echoed).toEqual([longest, undefined, 3, 3, undefined, undefined]);
});
