import type { World } from './world.ts';

/** How much may go wrong: faults, and invocations overtaking one that could have gone on. */
export interface Limits {
  readonly faults: number;
  readonly switches: number;
}

/** Something that can happen next. `free` when nobody is overtaken by it. */
export interface Move {
  readonly label: string;
  readonly cost: 'free' | 'switch' | 'fault';
  run(): void | Promise<void>;
}

/** Somebody who starts invocations: a provider, the queue, an operator. */
export interface Party {
  /** Looks around between two steps. */
  observe?(): Promise<void>;
  /** What it could start now. `calm`: nothing goes wrong any more, and everybody wants to be done. */
  starts(calm: boolean): readonly Move[];
  /** Times at which something of it comes due. */
  deadlines?(calm: boolean): readonly number[];
  /** What must be so when everything has come to rest. */
  verify?(): readonly string[];
}

/** Timers whose time has come. When they go off is open: a frozen process may find its answers first. */
export function timerMoves({ clock }: World): Move[] {
  const due = clock.timers.filter(({ at }) => at <= clock.now());
  return due.map((timer) => ({
    label: `${(timer.actor?.name ?? '').padEnd(14)} its timer goes off`,
    cost: 'free' as const,
    run: () => clock.fire(timer),
  }));
}

/** The times to which it makes a difference to jump: the end of a timer, a lease, a message's invisibility. */
export function jumps({ clock, watch }: World, parties: readonly Party[], calm: boolean): Move[] {
  const timers = clock.timers.map(({ at }) => at);
  const leases = [...watch.subjects.values()].map(({ leaseUntil }) => Number(leaseUntil?.N ?? 0) + 1);
  const times = [...timers, ...leases, ...parties.flatMap((party) => party.deadlines?.(calm) ?? [])];
  const coming = [...new Set(times)].filter((time) => time > clock.now()).sort((a, b) => a - b);
  return coming.slice(0, 3).map((time) => ({
    label: `${'(clock)'.padEnd(14)} moves on by ${(time - clock.now()) / 1000} s`,
    cost: 'free' as const,
    run: () => clock.advanceTo(time),
  }));
}
