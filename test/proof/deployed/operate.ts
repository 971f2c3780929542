/** Uses the console of a deployed form as a browser and an operator do, through the gateway and behind the login. */
import { OPERATORS } from '../../../functions/console/cognito.ts';
import { MAX_MESSAGE_BYTES } from '../../../functions/store/inbox.ts';
import { at } from '../../helpers/template.ts';
import { leaveLease } from './leave-lease.ts';
import { FORM, type Site } from './site.ts';

/** Asks the read API. @returns the body of the answer; another status than the expected one is a problem. */
type Ask = (
  request: string,
  options?: { readonly body?: unknown; readonly status?: number },
) => Promise<unknown>;

/** Finds three dead events; two of them go through when they are redriven. */
export async function operate(site: Site): Promise<void> {
  const { userPool } = site.cloud.standIns;
  await lookAtPage(site);
  // Without a token, and with one that another key has signed.
  for (const token of [undefined, userPool.signIn([OPERATORS], 'unknown')]) {
    const knock = askWith(site, token);
    await knock('GET /api/audit', { status: 401 });
    await knock('GET /api/events/dotdigital/batched-1', { status: 401 });
    await knock('POST /api/dead/redrive', { status: 401 });
  }
  const look = askWith(site, userPool.signIn([]));
  site.expect(
    at(await look('GET /api/me'), 'access') === 'read',
    'somebody who may look may do something else',
  );
  await look('POST /api/events/dotdigital/batched-1/replay', { status: 403 });
  await look('POST /api/dead/redrive', { status: 403 });

  const ask = askWith(site, userPool.signIn([OPERATORS]));
  site.expect(at(await ask('GET /api/me'), 'access') === 'operate', 'an operator may not operate');
  await audit(site, ask, 3);
  await read(site, ask);
  await replay(site, ask);
  await force(site, ask);
  await clearLease(site, look, ask);
  const { redriven } = (await ask('POST /api/dead/redrive', { body: { state: 'dead' } })) as {
    redriven: number;
  };
  site.expect(redriven === 3, `${redriven} dead events were redriven`);
  await site.drain();
  // Two were given up by SQS and go through now; the payment without a customer cannot.
  await audit(site, ask, 1);
}

function askWith(site: Site, token: string | undefined): Ask {
  return async (request, { body, status = 200 } = {}) => {
    const [method = '', url = ''] = request.split(' ');
    const headers = {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const text = body === undefined ? '' : JSON.stringify(body);
    const answer = await site.send({ method, url, headers, body: Buffer.from(text) });
    site.expect(
      answer.statusCode === status,
      `${request} was answered ${answer.statusCode}: ${answer.body?.slice(0, 80)}`,
    );
    return JSON.parse(answer.body ?? 'null');
  };
}

async function clearLease(site: Site, look: Ask, ask: Ask): Promise<void> {
  const subject = await leaveLease(site, 'abandoned');
  const path = `POST /api/subjects/chargify/${encodeURIComponent(subject)}/clear-lease`;
  await look(path, { status: 403 });
  const result = await ask(path);
  const isRight = at(result, 'cleared') === true && at(result, 'lease.event') === 'abandoned';
  site.expect(isRight, `an operator clears another lease: ${JSON.stringify(result)}`);
}

/** The page, the files that it names, and the way to log in. */
async function lookAtPage(site: Site): Promise<void> {
  const get = async (url: string) => {
    const { statusCode, body = '', isBase64Encoded } = await site.send({ method: 'GET', url });
    site.expect(statusCode === 200 && body !== '', `${url} was answered ${statusCode}`);
    return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString();
  };
  const page = await get('/console');
  site.expect(page.includes('<div id="app">'), 'the console shows another page');
  const files = [...page.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)];
  site.expect(files.length > 1, 'the page names neither a script nor a style');
  for (const [, file = ''] of files) await get(file);
  const { loginHost, clientId, issuer } = site.cloud.standIns.userPool;
  const login: unknown = JSON.parse(await get('/console/login.json'));
  const isRight =
    at(login, 'domain') === loginHost && at(login, 'clientId') === clientId && at(login, 'issuer') === issuer;
  site.expect(isRight, `the page would log in at ${JSON.stringify(login)}`);
}

async function audit(site: Site, ask: Ask, dead: number): Promise<void> {
  const report = await ask('GET /api/audit');
  site.expect(
    at(report, 'balanced') === true,
    `the console's audit does not balance: ${JSON.stringify(report)}`,
  );
  site.expect(at(report, 'total.dead') === dead, `${at(report, 'total.dead')} events are dead, not ${dead}`);
}

/** Lists, single events with and without a body in S3, a subject, the live feed, values for a chart. */
async function read(site: Site, ask: Ask): Promise<void> {
  const count = async (query: string) =>
    (at(await ask(`GET /api/events?${query}`), 'events') as unknown[]).length;
  for (const [source, events] of site.accepted) {
    const listed = await count(`source=${source}&limit=500`);
    site.expect(listed === events, `${source}: ${events} events accepted, ${listed} listed by the console`);
  }
  site.expect((await count('state=dead')) === 3, 'the filter by state finds something else');

  const large = await ask('GET /api/events/tasks/large:1');
  site.expect(
    String(at(large, 'payload.data')).length === 2_000_000,
    'a large body does not come back whole',
  );
  const paid = await ask('GET /api/events/chargify/2');
  site.expect(at(paid, 'effects.0.handler') === 'fulfil-order', 'the effect of a handler is not shown');
  const { subject } = (await ask('GET /api/events/dotdigital/batched-2')) as { subject: string };
  const state = await ask(`GET /api/subjects/dotdigital/${encodeURIComponent(subject)}`);
  site.expect(at(state, 'payload.payload.id') === 'p2', 'the state of a subject is another one');
  const feed = await ask(`GET /api/feed?cursor=${Date.now() - 30_000}`);
  site.expect((at(feed, 'events') as unknown[]).length > 0, 'the live feed is empty');
  const events = [{ source: 'dotdigital', id: 'batched-2' }];
  const values = await ask('POST /api/values', { body: { field: 'payload.id', events } });
  site.expect(at(values, 'values.0') === 'p2', 'the chart gets other values');
}

/** Foretold, then done: what is applied stays applied once. */
async function replay(site: Site, ask: Ask): Promise<void> {
  const path = 'POST /api/events/dotdigital/batched-2/replay';
  const foretold = await ask(path, { body: { dryRun: true } });
  site.expect(at(foretold, 'forecast') === 'repeat', `a replay is foretold to ${at(foretold, 'forecast')}`);
  await ask(path);
  await site.drain();
  const event = await ask('GET /api/events/dotdigital/batched-2');
  site.expect(at(event, 'state') === 'applied', `a replayed event is ${at(event, 'state')}`);
}

/**
 * The request to run a handler again travels in the message. One that just fitted the queue without it has its body
 * parked. There are two of these: an operator with the command line has one, too.
 */
async function force(site: Site, ask: Ask): Promise<void> {
  const payment = (id: number, padding: number) =>
    Buffer.from(`id=${id}&event=payment_success&payload[customer][id]=1&pad=${'x'.repeat(padding)}`);
  // In base64, three bytes are four.
  const inMessage = (bytes: number) => Math.ceil(bytes / 3) * 4;
  await site.accept('chargify', payment(3, 0), FORM);
  const message = await site.take();
  await site.put('InboxQueue', message);
  const small = payment(3, 0).length;
  const rest = MAX_MESSAGE_BYTES - (message.length - inMessage(small));
  const padding = Math.floor(rest / 4) * 3 - small;
  for (const id of [4, 5]) await site.accept('chargify', payment(id, padding), FORM);
  await site.drain();
  const forced = await ask('POST /api/events/chargify/4/replay', { body: { force: true } });
  site.expect(at(forced, 'forced') === true, 'the handler would not run again');
  await site.drain();
  const event = await ask('GET /api/events/chargify/4');
  const history = JSON.stringify(at(event, 'history'));
  site.expect(history.includes('The handler ran again.'), `a handler was to run again: ${history}`);
}
