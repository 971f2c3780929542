import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { number, text } from '../../../functions/aws/dynamodb.ts';
import { compress } from '../../../functions/store/compress.ts';
import { type Deployment, gatewayEvent, startDeployment, TOKEN } from './deployment.ts';

let deployment: Deployment;

beforeAll(async () => {
  deployment = await startDeployment();
});

afterAll(() => deployment.close());

const base64 = (body: string) => Buffer.from(body).toString('base64');

describe('the token', () => {
  test.each([
    ['none', {}],
    ['another', { authorization: 'Bearer wrong' }],
    ['a longer one', { authorization: `Bearer ${TOKEN}x` }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['no scheme', { authorization: TOKEN }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
  ])('%s: 401 on every route', async (_, headers) => {
    for (const path of ['/api', '/api/audit', '/api/events/dotdigital/a', '/api/none']) {
      const answer = await deployment.api(gatewayEvent('GET', path, headers));
      expect(answer.statusCode).toBe(401);
      expect(JSON.parse(answer.body ?? '')).toEqual({
        code: 401,
        message: expect.stringContaining('Bearer'),
      });
    }
  });

  test('an empty configured token opens nothing', async () => {
    const { fixedToken } = await import('../../../functions/api/token.ts');
    expect(fixedToken('')('')).toBe(false);
  });
});

describe('routes', () => {
  test('answer JSON that no cache keeps', async () => {
    const { headers } = await deployment.call('GET', '/api/sources');
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  });

  test('unknown: 404, also outside the API and for the console', async () => {
    for (const path of ['/api', '/api/none', '/apiary', '/console']) {
      expect((await deployment.call('GET', path)).body).toEqual({ code: 404, message: expect.any(String) });
    }
  });

  test('wrong method: 405 with Allow', async () => {
    const { status, headers } = await deployment.call('POST', '/api/audit');
    expect([status, headers?.allow]).toEqual([405, 'GET']);
    expect((await deployment.call('GET', '/api/dead/redrive')).headers?.allow).toBe('POST');
    expect((await deployment.call('DELETE', '/api/events/dotdigital/a')).headers?.allow).toBe('GET');
  });

  test('list the sources', async () => {
    expect((await deployment.call('GET', '/api/sources')).body.sources).toEqual([
      {
        source: 'dotdigital',
        provider: 'dotdigital',
        path: '/webhooks/dotdigital',
        handler: null,
        mode: 'latest',
      },
      {
        source: 'chargify',
        provider: 'chargify',
        path: '/webhooks/chargify',
        handler: 'fulfil-order',
        mode: 'each',
      },
    ]);
  });
});

describe('GET /api/events/{source}/{id}', () => {
  test('shows headers, payload, history, effects and batch', async () => {
    await deployment.seed({
      source: 'chargify',
      id: '77',
      state: 'applied',
      type: 'payment_success',
      revision: '12345678901234567890',
      settledAt: 3_000,
      attempts: 2,
    });
    await deployment.archive({
      source: 'chargify',
      id: '77',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: base64('event=payment_success&payload[site][id]=31615&payload[p][id]=1&payload[p][id]=2'),
    });
    await deployment.put('effects', {
      id: text('chargify#77'),
      handler: text('fulfil-order'),
      data: text('{"customer":"9"}'),
      recordedAt: number(2_500),
    });
    const { body } = await deployment.call('GET', '/api/events/chargify/77');
    expect(body).toMatchObject({
      id: '77',
      revision: '12345678901234567890',
      attempts: 2,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: { event: 'payment_success', payload: { site: { id: '31615' }, p: { id: ['1', '2'] } } },
      history: [
        { at: '1970-01-01T00:00:01.000Z', state: 'received' },
        { at: '1970-01-01T00:00:03.000Z', state: 'applied' },
      ],
      effects: [{ handler: 'fulfil-order', recordedAt: '1970-01-01T00:00:02.500Z', data: { customer: '9' } }],
      batch: null,
      repeats: 0,
      deliveries: [],
    });
  });

  test('shows an event out of a batch, with long numbers as they are', async () => {
    await deployment.seed({ id: 'item', batch: 'b', state: 'quarantined', reason: 'why', settledAt: 2_000 });
    await deployment.archive({ id: 'item', batch: 'b', body: base64('{"n":12345678901234567890}') });
    const answer = await deployment.api(
      gatewayEvent('GET', '/api/events/dotdigital/item', { authorization: `Bearer ${TOKEN}` }),
    );
    expect(answer.body).toContain('{"n":12345678901234567890}');
    expect(JSON.parse(answer.body ?? '')).toMatchObject({
      batch: 'b',
      history: [{}, { state: 'quarantined', reason: 'why' }],
    });
  });

  test('shows the text of a payload that cannot be read, and null for one not archived', async () => {
    await deployment.seed({ id: 'broken', state: 'quarantined' });
    await deployment.archive({ id: 'broken', body: base64('{"half":') });
    expect((await deployment.call('GET', '/api/events/dotdigital/broken')).body.payload).toBe('{"half":');
    await deployment.seed({ id: 'bare', state: 'queued' });
    expect((await deployment.call('GET', '/api/events/dotdigital/bare')).body).toMatchObject({
      payload: null,
      headers: null,
    });
  });

  test.each(['a/b', 'a:b', '100%', 'c%2Fd', 'ä ö', 'x/replay', '..', 'a#b', '__proto__'])(
    'finds the id %s, percent-encoded or as API Gateway decodes it',
    async (id) => {
      await deployment.seed({ id, state: 'applied' });
      for (const written of [encodeURIComponent(id), id]) {
        const { body } = await deployment.call('GET', `/api/events/dotdigital/${written}`);
        expect(body.id).toBe(id);
      }
    },
  );

  test('an id that looks cut up: 404 that says how to write it', async () => {
    const hint = 'percent-encoded';
    for (const path of ['a/none', 'none?c=d', '50%none']) {
      const { status, body } = await deployment.call('GET', `/api/events/dotdigital/${path}`);
      expect([path, status, body.message]).toEqual([path, 404, expect.stringContaining(hint)]);
    }
    const plain = ['dotdigital/none?body=true', 'dotdigital/none%2Fc', 'nope/a/none'];
    for (const path of plain.map((name) => `/api/events/${name}`)) {
      expect((await deployment.call('GET', path)).body.message).not.toContain(hint);
    }
    const subject = await deployment.call('GET', '/api/subjects/dotdigital/a/none');
    expect(subject.body.message).toContain(hint);
  });

  test('unknown or unconfirmed: 404 that says so', async () => {
    await deployment.seed({ id: 'half', state: 'claimed' });
    const unknown = await deployment.call('GET', '/api/events/dotdigital/nobody');
    expect(unknown).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining('never arrived') },
    });
    const half = await deployment.call('GET', '/api/events/dotdigital/half');
    expect(half).toMatchObject({ status: 404, body: { message: expect.stringContaining('unconfirmed') } });
  });
});

describe('a source that the configuration does not have', () => {
  const hint = { message: 'there is no source "nope"; the sources are dotdigital, chargify' };

  test.each(['/api/events/nope/x', '/api/subjects/nope/x', '/api/events/nope/x%2Fy'])(
    '%s: 404 that lists the sources',
    async (path) => {
      expect(await deployment.call('GET', path)).toMatchObject({ status: 404, body: hint });
    },
  );

  test('a replay: 404; a list and a redrive: 400', async () => {
    const replay = await deployment.call('POST', '/api/events/nope/x/replay', {});
    expect(replay).toMatchObject({ status: 404, body: hint });
    const calls = [
      await deployment.call('GET', '/api/events?source=nope&id=x'),
      await deployment.call('GET', '/api/events?source=nope&state=dead'),
      await deployment.call('POST', '/api/dead/redrive', { source: 'nope' }),
      await deployment.call('POST', '/api/dead/redrive', { source: 'nope', ids: ['x'], dryRun: true }),
    ];
    for (const { status, body } of calls) {
      expect([status, body.message]).toEqual([400, expect.stringContaining(hint.message)]);
    }
  });

  test('its events stay readable while there are any', async () => {
    await deployment.seed({ source: 'removed', id: 'old', state: 'dead' });
    await deployment.put('subjects', { id: text('removed#thing'), revision: number('1') });
    expect((await deployment.call('GET', '/api/events/removed/old')).status).toBe(200);
    expect((await deployment.call('GET', '/api/subjects/removed/thing')).status).toBe(200);
    expect((await deployment.call('GET', '/api/events?source=removed')).body.events).toHaveLength(1);
    expect((await deployment.call('GET', '/api/events?source=removed&id=old')).body.events).toHaveLength(1);
    const redrive = { source: 'removed', dryRun: true };
    expect((await deployment.call('POST', '/api/dead/redrive', redrive)).body).toMatchObject({ matched: 1 });
  });
});

describe('GET /api/subjects/{source}/{subject}', () => {
  test('shows the newest state, and null for the payload of a tombstone', async () => {
    const subject = { revision: number('2'), state: text('read'), updatedAt: number(5_000) };
    await deployment.put('subjects', {
      ...subject,
      id: text('dotdigital#space:message:1'),
      type: text('message.read'),
      payload: { B: compress('{"id":"1"}') },
    });
    await deployment.put('subjects', { ...subject, id: text('dotdigital#gone'), state: text('deleted') });
    expect((await deployment.call('GET', '/api/subjects/dotdigital/space%3Amessage%3A1')).body).toEqual({
      source: 'dotdigital',
      subject: 'space:message:1',
      revision: 2,
      state: 'read',
      type: 'message.read',
      payload: { id: '1' },
      updatedAt: '1970-01-01T00:00:05.000Z',
    });
    expect((await deployment.call('GET', '/api/subjects/dotdigital/gone')).body).toMatchObject({
      state: 'deleted',
      payload: null,
    });
  });

  test('unknown, or only held by a handler: 404', async () => {
    await deployment.put('subjects', { id: text('dotdigital#held'), fence: number(1) });
    expect((await deployment.call('GET', '/api/subjects/dotdigital/held')).status).toBe(404);
    expect((await deployment.call('GET', '/api/subjects/dotdigital/nobody')).status).toBe(404);
  });
});

test('an internal error is a 500 that says nothing, and is logged by name', async () => {
  const { composeApi } = await import('../../../functions/api/compose.ts');
  const api = composeApi(
    { ...deployment.setup, tables: { ...deployment.setup.tables, ledger: 'missing-table' } },
    () => 'operate',
  );
  const answer = await api(gatewayEvent('GET', '/api/audit'));
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('missing-table');
  expect(deployment.logged.at(-1)).toContain('ResourceNotFoundException');
});
