import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditReport, EventPage, EventSummary } from '../../../functions/api/types.ts';
import { inParallel } from '../../../functions/core/in-parallel.ts';
import { startServer } from '../../helpers/server-process.ts';
import { messageEvent, signChargify, signDotdigital } from '../../helpers/sign.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const WEBHOOKS = 500;
const IN_FLIGHT = 20;
const data = mkdtempSync(join(tmpdir(), 'inlet-kill-'));
const environment = { INLET_DATA: data, INLET_TOKEN: 'token' };

afterAll(() => rmSync(data, { recursive: true, force: true }));

interface Webhook {
  readonly source: string;
  readonly id: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** Payments and messages in turns; of a message all three states, newest first. */
function webhook(n: number): Webhook {
  if (n % 2 === 0) {
    const body = `id=${n}&event=payment_success&payload[subscription][customer][id]=${n}`;
    return { source: 'chargify', id: String(n), body, headers: signChargify(body) };
  }
  const state = (['read', 'delivered', 'sent'] as const)[n % 3] ?? 'sent';
  const event = messageEvent(`m${Math.floor(n / 6)}`, state);
  const body = JSON.stringify({ ...event, eventId: `${event.eventId}-${n}` });
  return { source: 'dotdigital', id: `${event.eventId}-${n}`, body, headers: signDotdigital(body) };
}

/** True when the provider has its 2xx; it gives up nothing that it has none for. */
async function send(url: string, { source, body, headers }: Webhook): Promise<boolean> {
  try {
    const response = await fetch(`${url}/webhooks/${source}`, { method: 'POST', body, headers });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function api<T>(url: string, path: string): Promise<T> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: 'Bearer token' } });
  return (await response.json()) as T;
}

async function allEvents(url: string): Promise<readonly EventSummary[]> {
  const events: EventSummary[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: EventPage = await api(url, `/api/events?limit=500${cursor && `&cursor=${cursor}`}`);
    events.push(...page.events);
    cursor = page.cursor;
  }
  return events;
}

test(`kill -9 amid ${WEBHOOKS} webhooks loses nothing that was acknowledged and applies nothing twice`, async () => {
  const webhooks = Array.from({ length: WEBHOOKS }, (_, n) => webhook(n));
  const acknowledged = new Set<string>();
  const first = await startServer(environment);
  let killed: Promise<void> | undefined;
  await inParallel(webhooks, IN_FLIGHT, async (it) => {
    if (await send(first.url, it)) acknowledged.add(it.id);
    if (acknowledged.size >= WEBHOOKS / 2) killed ??= first.kill();
  });
  await killed;
  const beforeKill = acknowledged.size;
  expect(beforeKill).toBeLessThan(WEBHOOKS);

  const second = await startServer(environment);
  await inParallel(
    webhooks.filter(({ id }) => !acknowledged.has(id)),
    IN_FLIGHT,
    async (it) => {
      // On a busy machine ingest answers 503 when its 8 s are over, and the provider tries again.
      await waitFor(() => send(second.url, it), { deadlineMs: 60_000, what: 'the provider has its 2xx' });
      acknowledged.add(it.id);
    },
  );
  const audit = await waitFor(
    async () => {
      const report = await api<AuditReport>(second.url, '/api/audit');
      return report.total.inFlight === 0 && report;
    },
    // Errors that a busy machine causes are paused for, up to minutes where an event had several.
    { deadlineMs: 180_000, what: 'everything settled' },
  );
  expect(audit).toMatchObject({ balanced: true, problems: [] });
  expect(audit.total).toMatchObject({ accepted: WEBHOOKS, dead: 0, quarantined: 0, unconfirmed: 0 });

  const events = await allEvents(second.url);
  expect(new Set(events.map(({ id }) => id))).toEqual(acknowledged);
  expect(events).toHaveLength(WEBHOOKS);
  for (const { state, source } of events) {
    expect(source === 'chargify' ? ['applied'] : ['applied', 'stale']).toContain(state);
  }
  console.log(`acknowledged before the kill: ${beforeKill}; in the end: ${JSON.stringify(audit.total)}`);
  expect(await second.terminate()).toBe(0);
}, 300_000);
