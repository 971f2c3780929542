/** A batch of 500 events of which one is poison: the others do not notice. */
import type { AuditReport, EventPage } from '../../../functions/api/types.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import { createContext } from '../../helpers/context.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';

const EVENTS = 500;
const seen = new Set<string>();
const handler: Handler = {
  name: 'picky',
  description: 'Chokes on one event.',
  async handle({ id }) {
    if (id === 'm250-sent') throw new TypeError('poison');
    seen.add(id);
  },
};
const { post, api, waitFor } = await createContext({
  handlers: { 'fulfil-order': handler },
  config: {
    sources: {
      handled: { provider: 'dotdigital', handler: 'fulfil-order', attempts: 2 },
    },
  },
});

async function settled(source: string) {
  return waitFor(
    async () => {
      const report = (await api('/api/audit')).body as AuditReport;
      const counts = report.sources[source];
      return report.balanced && counts?.accepted === EVENTS && counts.inFlight === 0 && counts;
    },
    { deadlineMs: 50_000, intervalMs: 250, what: `${EVENTS} events settled` },
  );
}

test('an event that its handler chokes on is dead after its own attempts, 499 are applied', async () => {
  const body = JSON.stringify(Array.from({ length: EVENTS }, (_, n) => messageEvent(`m${n}`, 'sent')));
  expect((await post('handled', body, signDotdigital(body))).status).toBe(202);
  expect(await settled('handled')).toMatchObject({ applied: EVENTS - 1, quarantined: 0, dead: 1 });
  expect(seen.size).toBe(EVENTS - 1);
  const { events: dead } = (await api('/api/events?source=handled&state=dead')).body as EventPage;
  expect(dead).toMatchObject([{ id: 'm250-sent', attempts: 2, reason: 'The handler failed: TypeError' }]);
}, 60_000);
