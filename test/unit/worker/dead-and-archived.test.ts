/** What is dead can be redriven: its envelope is archived before the entry says so, and as long as it is not, the message stays. */
import { audit } from '../../../functions/api/audit.ts';
import { PermanentError } from '../../../functions/core/errors.ts';
import { messageEvent } from '../../helpers/sign.ts';
import { type Asked, message, workerGround } from '../../helpers/worker-ground.ts';

const ground = await workerGround({
  config: { archive: false },
  handle: async () => {
    throw new PermanentError('refused for good');
  },
});
const archiving = ({ command }: Asked) => command === 'BatchWriteItemCommand';

describe('with "archive: false"', () => {
  test('what ends well is not archived, what is dead is', async () => {
    await ground.hand([await ground.queued('kept', 'well', 's1', 1)]);
    expect(await ground.stateOf('kept', 'well')).toBe('applied');
    expect(await ground.parts.archive.get('kept', 'well')).toBeUndefined();
    const envelope = await ground.queued('handled', 'dead', 's1', 1);
    expect(await ground.hand([envelope])).toEqual([]);
    expect(await ground.stateOf('handled', 'dead')).toBe('dead');
    expect(await ground.parts.archive.get('handled', 'dead')).toEqual(envelope);
  });

  test('what cannot be archived is not dead: its message comes back, and is dead then', async () => {
    const envelope = await ground.queued('handled', 'unarchived', 's2', 1);
    ground.refuses = archiving;
    expect(await ground.hand([envelope])).toEqual(['unarchived']);
    expect(await ground.stateOf('handled', 'unarchived')).toBe('queued');
    ground.refuses = () => false;
    expect(await ground.hand([envelope], 2)).toEqual([]);
    expect(await ground.stateOf('handled', 'unarchived')).toBe('dead');
    expect(await ground.parts.archive.get('handled', 'unarchived')).toEqual(envelope);
  });
});

describe('what SQS gave up', () => {
  test('is dead, and archived', async () => {
    const envelope = await ground.queued('handled', 'given-up', 's3', 1);
    expect(await ground.giveUp(envelope)).toEqual([]);
    expect(await ground.stateOf('handled', 'given-up')).toBe('dead');
    expect(await ground.parts.archive.get('handled', 'given-up')).toEqual(envelope);
  });

  test('counts its events where it is a batch whose entry has expired', async () => {
    const events = ['a', 'b', 'c'].map((name) => messageEvent(name, 'sent'));
    expect(await ground.giveUp(message('listed', 'batch', events, { kind: 'batch' }))).toEqual([]);
    const { sources } = await audit(ground.parts, { patienceMs: 0 });
    expect(sources.listed).toMatchObject({ accepted: 3, dead: 3 });
  });

  test('counts as one event where it is a batch that cannot be read', async () => {
    expect(await ground.giveUp(message('removed', 'batch', [], { kind: 'batch', receivedAt: 1 }))).toEqual(
      [],
    );
    const { sources } = await audit(ground.parts, { patienceMs: 0 });
    expect(sources.removed).toMatchObject({ accepted: 1, dead: 1 });
  });

  test('stays on the dead-letter queue, and in flight, as long as it cannot be archived', async () => {
    const envelope = await ground.queued('handled', 'stays', 's4', 1);
    ground.refuses = archiving;
    expect(await ground.giveUp(envelope)).toEqual(['stays']);
    expect(await ground.stateOf('handled', 'stays')).toBe('queued');
  });
});
