import type { EventFacts } from '../../../functions/core/facts.ts';
import { Gate } from '../../../functions/store/gate/gate.ts';
import type { Site } from './site.ts';

/** Leaves behind what a worker leaves that dies in its handler. @returns the subject. */
export async function leaveLease(site: Site, id: string): Promise<string> {
  const { cloud } = site;
  const gate = new Gate(cloud.dynamodb, cloud.created.get('SubjectsTable')?.ref ?? '', 86_400, Date.now);
  const facts = { id, subject: `subject of ${id}`, revision: '1' } as EventFacts;
  const { verdict } = await gate.acquire({ source: 'chargify', facts }, Date.now() + 600_000);
  site.expect(verdict === 'apply', `the subject of ${id} is not free: ${verdict}`);
  return facts.subject;
}
