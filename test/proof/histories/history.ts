import { setImmediate as nextTick } from 'node:timers/promises';
import { Actor, type Call } from './actor.ts';
import type { Choices } from './choices.ts';
import { faultsOf, fine } from './fates.ts';
import { jumps, type Limits, type Move, type Party, timerMoves } from './moves.ts';
import { Outside } from './outside.ts';
import type { World } from './world.ts';

const MOST_STEPS = 2_000;

/** One run of invocations, call by call, as the choices say. */
export class History {
  readonly world: World;
  readonly outside: Outside;
  readonly parties: Party[] = [];
  readonly actors: Actor[] = [];
  readonly trace: string[] = [];
  readonly violations: string[] = [];
  faults = 0;
  /** Whether something has happened for which an event may be given up. */
  mayGiveUp = false;
  steps = 0;
  readonly #choices: Choices;
  readonly #limits: Limits;
  readonly #late: Call[] = [];
  readonly #begun = new Set<Actor>();
  #switches = 0;
  #current: Actor | undefined;

  constructor(world: World, choices: Choices, limits: Limits) {
    this.world = world;
    this.#choices = choices;
    this.#limits = limits;
    this.outside = new Outside(world.actors);
  }

  /** Starts an invocation, whose calls wait at their gates. Its result stays away when it crashes or throws. */
  spawn<T>(name: string, work: () => Promise<T>): { actor: Actor; result: () => T | undefined } {
    const actor = new Actor(name);
    let result: T | undefined;
    this.actors.push(actor);
    this.#current = actor;
    this.world.actors.run(actor, work).then(
      (value) => {
        result = value;
        actor.finished = true;
        if (actor.pending.length > 0) this.violations.push(`${name} ended with a call under way`);
      },
      () => {
        actor.finished = true;
      },
    );
    return { actor, result: () => result };
  }

  /** Goes on while choices are left, then lets everything come to rest without faults. */
  async run(): Promise<void> {
    while (this.steps < MOST_STEPS && (await this.#step(false)));
    this.trace.push('— from here on nothing goes wrong —');
    while (this.steps < MOST_STEPS && (await this.#step(true)));
    if (this.steps >= MOST_STEPS) this.violations.push('it never comes to rest');
    for (const party of this.parties) this.violations.push(...(party.verify?.() ?? []));
  }

  /** Lets one party do all it has to do, without faults. */
  async workOff(party: Party): Promise<void> {
    for (await party.observe?.(); party.starts(true)[0]; await party.observe?.()) {
      await party.starts(true)[0]?.run();
      await this.runStarted();
    }
  }

  /** Runs what has been started, without faults and without the parties. */
  async runStarted(): Promise<void> {
    for (await this.#settle(); this.#callMoves(true)[0]; await this.#settle())
      await this.#callMoves(true)[0]?.run();
  }

  async #step(calm: boolean): Promise<boolean> {
    this.steps++;
    await this.#settle();
    for (const party of this.parties) await party.observe?.();
    const spent = this.faults >= this.#limits.faults && this.#switches >= this.#limits.switches;
    if (!calm && spent) return false;
    const moves = this.#moves(calm).filter(({ cost }) => this.#affordable(cost));
    const move = moves[calm || moves.length === 1 ? 0 : this.#choices.pick(moves.length)];
    if (!move) return false;
    if (move.cost === 'fault') {
      this.faults++;
      this.mayGiveUp = true;
    }
    if (move.cost === 'switch') this.#switches++;
    if (move.label) this.trace.push(move.label);
    await move.run();
    return true;
  }

  #affordable(cost: Move['cost']): boolean {
    if (cost === 'fault') return this.faults < this.#limits.faults;
    return cost === 'free' || this.#switches < this.#limits.switches;
  }

  #moves(calm: boolean): readonly Move[] {
    const calls = this.#callMoves(calm);
    const starts = this.parties.flatMap((party) => party.starts(calm));
    if (calm) {
      const first =
        timerMoves(this.world)[0] ??
        calls[0] ??
        this.#lateMoves()[0] ??
        starts[0] ??
        jumps(this.world, this.parties, calm)[0];
      return first ? [{ ...first, cost: 'free' }] : [];
    }
    // Whoever is at it goes on; everything else overtakes it.
    const goingOn = this.#current?.alive && this.#current.pending.length > 0;
    const rest = [...timerMoves(this.world), ...starts, ...this.#lateMoves()].map(
      (move): Move => ({ ...move, cost: goingOn && move.cost === 'free' ? 'switch' : move.cost }),
    );
    const coming = jumps(this.world, this.parties, calm);
    const idle = calls.length === 0 && rest.every(({ cost }) => cost === 'fault');
    // With nobody at work time passes by itself; otherwise it is somebody who is slow.
    if (idle) return [...coming.slice(0, 1), ...rest];
    return [...calls, ...rest, ...coming.map((move): Move => ({ ...move, cost: 'fault' }))];
  }

  #callMoves(calm: boolean): Move[] {
    const alive = this.actors.filter((actor) => actor.alive && actor.pending.length > 0);
    alive.sort((a, b) => Number(b === this.#current) - Number(a === this.#current));
    const goingOn = alive[0] === this.#current;
    return alive.flatMap((actor, order) =>
      actor.pending.map(
        (call, lane): Move => ({
          label: '',
          cost: (goingOn && order > 0) || lane > 0 ? 'switch' : 'free',
          run: () => this.#befall(call, calm),
        }),
      ),
    );
  }

  async #befall(call: Call, calm: boolean): Promise<void> {
    const { actor } = call;
    this.#current = actor;
    const isFirst = !this.#begun.has(actor);
    this.#begun.add(actor);
    const mayFail = !calm && this.faults < this.#limits.faults;
    const fates = mayFail ? [fine, ...faultsOf(call, isFirst)] : [fine];
    const fate = fates[fates.length === 1 ? 0 : this.#choices.pick(fates.length)] ?? fine;
    if (fate !== fine) {
      this.faults++;
      // A service of AWS that fails is no fault of the event's; an altered body is.
      if (call.service === 'outside' || call.otherwise.includes(fate.name)) this.mayGiveUp = true;
    }
    const note = await fate.befall(call);
    if (note === 'late') this.#late.push(call);
    const fault = fate === fine ? '' : `   ✗ ${fate.name}`;
    this.trace.push(`${actor.name.padEnd(14)} ${call.label} → ${note}${fault}`);
  }

  /** Requests that were given up by their callers and are still on their way. */
  #lateMoves(): Move[] {
    return this.#late.map((call) => ({
      label: '',
      cost: 'free' as const,
      run: async () => {
        this.#late.splice(this.#late.indexOf(call), 1);
        this.trace.push(`${'(late)'.padEnd(14)} ${call.label} → ${await call.perform()}`);
      },
    }));
  }

  /** Waits until every invocation stands at a gate, sleeps or has ended: their own work is microtasks only. */
  async #settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) {
      await nextTick();
      const busy = this.actors.some(
        ({ crashed, finished, pending }) => !crashed && !finished && pending.length === 0,
      );
      if (!busy || (turn > 3 && this.world.clock.timers.length > 0)) return;
    }
  }
}
