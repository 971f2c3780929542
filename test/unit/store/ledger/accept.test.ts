import type { Envelope } from '../../../../functions/core/envelope.ts';
import type { Inbox } from '../../../../functions/store/inbox.ts';
import { accept, type StepSignals } from '../../../../functions/store/ledger/accept.ts';
import type { Claim, Ledger } from '../../../../functions/store/ledger/ledger.ts';
import type { Repeat } from '../../../../functions/store/ledger/repeats.ts';

const entry = { source: 'test', id: 'k', kind: 'event', receivedAt: 1 } as const;
const envelope: Envelope = { ...entry, headers: {}, subpath: '', body: '' };

/** Ledger and queue that note what is asked of them; an error makes that step fail. */
function parts(
  claim: Claim | Error,
  errors: { send?: Error; confirm?: Error; count?: Error } = {},
  confirms = true,
  repeat?: Repeat,
) {
  const steps: unknown[][] = [];
  const step = async (name: string, args: unknown[], error?: Error) => {
    steps.push([name, ...args]);
    if (error) throw error;
  };
  const ledger = {
    confirms,
    claim: async (...args: unknown[]) => {
      await step('claim', args, claim instanceof Error ? claim : undefined);
      return { claim, repeat };
    },
    confirm: (...args: unknown[]) => step('confirm', args, errors.confirm),
    countRepeat: (...args: unknown[]) => step('count', args, errors.count),
  } as unknown as Ledger;
  const inbox = { send: (...args: unknown[]) => step('send', args, errors.send) } as unknown as Inbox;
  const log = { log: (...args: unknown[]) => void steps.push(['log', ...args]) };
  return { steps, names: () => steps.map(([name]) => name), all: { ledger, inbox, log } };
}

test.each(['new', 'unconfirmed'] as const)('%s: claim, send, confirm, in this order', async (claim) => {
  const { all, steps } = parts(claim);
  expect(await accept(all, entry, envelope)).toBe('accepted');
  expect(steps).toEqual([
    ['claim', entry, undefined],
    // Whoever meets a claim that nobody confirmed cannot know whether its message is there already.
    ['send', claim === 'new' ? envelope : { ...envelope, again: true }, undefined],
    ['confirm', 'test', 'k', undefined],
  ]);
});

test('a duplicate sends nothing', async () => {
  const { all, names } = parts('duplicate');
  expect(await accept(all, entry, envelope)).toBe('duplicate');
  expect(names()).toEqual(['claim']);
});

test('a claim or a send that fails is thrown, and nothing follows it', async () => {
  const claim = parts(new Error('no claim'));
  await expect(accept(claim.all, entry, envelope)).rejects.toThrow('no claim');
  expect(claim.names()).toEqual(['claim']);
  const send = parts('new', { send: new Error('no send') });
  await expect(accept(send.all, entry, envelope)).rejects.toThrow('no send');
  expect(send.names()).toEqual(['claim', 'send']);
});

test('without confirmations a send is the last step', async () => {
  const { all, names } = parts('new', {}, false);
  expect(await accept(all, entry, envelope)).toBe('accepted');
  expect(names()).toEqual(['claim', 'send']);
});

test('a confirmation that fails is logged and changes nothing', async () => {
  const { all, steps } = parts('new', { confirm: new TypeError('quotes a payload') });
  expect(await accept(all, entry, envelope)).toBe('accepted');
  expect(steps.at(-1)).toEqual([
    'log',
    'WARN',
    { message: 'not confirmed', source: 'test', id: 'k', error: 'TypeError' },
  ]);
});

test('each step gets its own signal, asked for when the step begins', async () => {
  const { all, steps } = parts('new');
  const signals = {
    claim: AbortSignal.abort(1),
    enqueue: AbortSignal.abort(2),
    confirm: AbortSignal.abort(3),
  };
  const asked: string[] = [];
  const ask = (name: keyof typeof signals) => () => {
    asked.push(`${name} after ${steps.length}`);
    return signals[name];
  };
  const step: StepSignals = { claim: ask('claim'), enqueue: ask('enqueue'), confirm: ask('confirm') };
  await accept(all, entry, envelope, true, step);
  expect(asked).toEqual(['claim after 0', 'enqueue after 1', 'confirm after 2']);
  expect(steps.map((args) => args.at(-1))).toEqual([signals.claim, signals.enqueue, signals.confirm]);
});

test.each(['duplicate', 'unconfirmed'] as const)(
  '%s: a repeat under another id is counted, and refused by no failure of that',
  async (claim) => {
    const repeat = { deliveries: ['d1'] };
    const { all, steps } = parts(claim, { count: new Error('throttled') }, true, repeat);
    expect(await accept(all, entry, envelope)).toBe(claim === 'duplicate' ? 'duplicate' : 'accepted');
    expect(steps).toContainEqual(['count', entry, repeat, undefined]);
    expect(steps).toContainEqual(['log', 'WARN', expect.objectContaining({ message: 'repeat not counted' })]);
  },
);
