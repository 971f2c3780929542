/** What a handler asks for, and what it is told: the pause before the next attempt, quarantine, its number, its log. */

import { decodeEnvelope } from '../../../functions/core/envelope.ts';
import { PermanentError, RetryAfter, UnfitPayloadError } from '../../../functions/core/errors.ts';
import type { HandlerContext } from '../../../functions/core/handler.ts';
import { workerGround } from '../../helpers/worker-ground.ts';

let handle: (context: HandlerContext) => void = () => {};
const ground = await workerGround({ handle: (_event, context) => handle(context) });
beforeEach(() => {
  handle = () => {};
});

/** The delay and the envelope of each message that was sent. */
const sent = () =>
  ground.asked
    .filter(({ command }) => command === 'SendMessageCommand')
    .map(({ input }) => JSON.parse(input) as { DelaySeconds?: number; MessageBody: string })
    .map(({ DelaySeconds, MessageBody }) => ({ delay: DelaySeconds, envelope: decodeEnvelope(MessageBody) }));

describe.each(['each', 'handled'])('with the mode of %s', (source) => {
  const begin = async (id: string) => {
    const envelope = await ground.queued(source, id, `s-${id}`, 1);
    return source === 'each' ? ({ ...envelope, place: { gate: 'entry' } } as const) : envelope;
  };

  test('an event is tried again after as many seconds as its handler asks for, not before', async () => {
    const asked = await begin('asked');
    handle = () => {
      throw new RetryAfter(5_000);
    };
    const before = Date.now();
    expect(await ground.hand([asked])).toEqual([]);
    expect(ground.outcomes()).toEqual(['failed']);
    const [copy] = sent();
    expect(copy?.delay).toBe(900);
    expect(copy?.envelope.notBefore).toBeGreaterThanOrEqual(before + 5_000_000);

    // SQS delays for 15 minutes at most: the copy comes too early, and goes round again.
    handle = () => {
      throw new Error('too early');
    };
    ground.asked.length = 0;
    expect(await ground.hand([copy?.envelope ?? asked])).toEqual([]);
    expect(ground.outcomes()).toEqual(['failed', 'not-yet']);
    const [again] = sent();
    expect(again?.envelope.notBefore).toBeGreaterThanOrEqual(before + 5_000_000);
    expect((await ground.parts.ledger.look(source, asked.id))?.failures).toBe(1);
    const item = await ground.itemOf('ledger', `${source}#${asked.id}`);
    expect(Number(item?.seenAt?.N)).toBeGreaterThanOrEqual(before + 5_000_000);
    // Nobody has to look at what waits as it was asked to.
    expect(again?.envelope.queuedAt).toBe(again?.envelope.notBefore);
    expect(ground.lines.at(-1)?.waited).toBeUndefined();

    handle = () => {};
    await ground.hand([{ ...asked, ...again?.envelope, notBefore: Date.now() - 1 }]);
    expect(await ground.stateOf(source, asked.id)).toBe('applied');
  });

  test('an attempt knows its number, and its lines name the event', async () => {
    const numbered = await begin('numbered');
    const attempts: number[] = [];
    handle = ({ attempt, log }) => {
      attempts.push(attempt);
      log.info('charged', { cents: 100, id: 'of nobody' });
      if (attempt < 3) throw new Error('not yet');
    };
    for (const receives of [1, 2, 3]) await ground.hand([numbered], receives);
    expect(attempts).toEqual([1, 2, 3]);
    expect(ground.lines.filter(({ message }) => message === 'charged')).toEqual(
      [1, 2, 3].map((attempt) => ({
        message: 'charged',
        cents: 100,
        source,
        id: numbered.id,
        attempt,
      })),
    );
  });

  test('a payload that is not what the handler expects quarantines the event', async () => {
    const unfit = await begin('unfit');
    handle = () => {
      throw new UnfitPayloadError('The payload does not fit.');
    };
    expect(await ground.hand([unfit])).toEqual([]);
    expect(await ground.stateOf(source, unfit.id)).toBe('quarantined');
    const item = await ground.itemOf('ledger', `${source}#${unfit.id}`);
    expect(item?.reason?.S).toBe('The payload does not fit.');
  });

  test('how each attempt failed is kept with the event, and in no log', async () => {
    const failing = await begin('failing');
    let attempts = 0;
    handle = () => {
      attempts += 1;
      if (attempts === 1) throw new TypeError('the card 4242 was declined');
      throw new PermanentError('no such customer');
    };
    await ground.hand([failing]);
    await ground.hand([failing], 2);
    const failures = await ground.parts.failures.get(source, failing.id);
    expect(failures).toMatchObject({
      count: 2,
      kept: [
        { name: 'TypeError', message: 'the card 4242 was declined' },
        { name: 'PermanentError', message: 'no such customer' },
      ],
    });
    expect(failures?.kept[0]?.stack).toContain('handler-says.test.ts');
    expect(JSON.stringify(ground.lines)).not.toContain('4242');
  });

  test('what cannot be kept of a failure changes nothing about it', async () => {
    const unkept = await begin('unkept');
    handle = () => {
      throw new Error('not now');
    };
    ground.refuses = ({ input }) => input.includes('failures');
    await ground.hand([unkept]);
    expect(ground.outcomes()).toEqual(['failed']);
    expect((await ground.parts.ledger.look(source, unkept.id))?.failures).toBe(1);
    expect(ground.lines).toContainEqual(expect.objectContaining({ message: 'failure not kept' }));
  });

  test('what a handler gives up is dead', async () => {
    const given = await begin('given');
    handle = () => {
      throw new PermanentError('no such customer');
    };
    await ground.hand([given]);
    expect(await ground.stateOf(source, given.id)).toBe('dead');
  });
});

test('RetryAfter takes a number of seconds', () => {
  expect(() => new RetryAfter(Number.NaN)).toThrow(RangeError);
  expect(() => new RetryAfter(-1)).toThrow(RangeError);
  expect(new RetryAfter(0.2).seconds).toBe(1);
  expect(new RetryAfter(1e9).seconds).toBe(39_600);
});
