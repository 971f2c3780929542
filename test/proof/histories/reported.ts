import type { LogLine } from '../../../functions/core/log.ts';
import { FINAL, GIVEN_UP, State } from '../../../functions/core/states.ts';
import type { World } from './world.ts';

const OVER: readonly string[] = [...FINAL, ...GIVEN_UP];
/** Somebody has to look at these: their alarms count lines. */
const ALARMING: readonly string[] = GIVEN_UP;
/** Receives in which nothing was tried. */
const NOT_TRIED = ['held', 'no-time', 'unknown-source'];

/** What was said of the events, checked against what happened to them. */
export function checkReports({ watch, lines }: World): string[] {
  return [...checkLines(watch, lines), ...checkAttempts(watch, lines), ...checkLabels(watch)];
}

/**
 * A line with an outcome stands for a write of it, and whoever gave an event up and lived to hear of it has said so. A
 * process that ends between the write and its line says nothing, which nobody can repair.
 */
function checkLines({ changes }: World['watch'], lines: World['lines']): string[] {
  const problems: string[] = [];
  const told = Map.groupBy(
    lines.filter(({ line }) => OVER.includes(String(line.outcome))),
    ({ actor, line }) => `${actor?.name} says that ${idOf(line)} is ${line.outcome}`,
  );
  for (const [what, { length }] of told) {
    const done = changes.filter(({ by, id, to }) => `${by?.name} says that ${id} is ${to}` === what).length;
    if (length > done) problems.push(`${what} ${length} times, and wrote it ${done} times`);
  }
  for (const last of new Map(changes.map((change) => [change.id, change])).values()) {
    const { by, id, to, answered } = last;
    if (!by || by.crashed || !answered || !ALARMING.includes(String(to))) continue;
    if (!told.has(`${by.name} says that ${id} is ${to}`))
      problems.push(`${id} ended as ${to}, and ${by.name}, which wrote that, did not say so`);
  }
  return problems;
}

/** No entry counts more attempts than there were. */
function checkAttempts({ ledger, attempts }: World['watch'], lines: World['lines']): string[] {
  const idle = lines.filter(({ line }) => NOT_TRIED.includes(String(line.outcome)));
  return [...ledger].flatMap(([id, item]) => {
    const actors = attempts.get(id) ?? [];
    const tried = actors.filter(
      (actor) => !idle.some((one) => one.actor === actor && idOf(one.line) === id),
    ).length;
    const counted = Number(item.attempts?.N ?? 0);
    return counted > tried ? [`${id} counts ${counted} attempts, and there were ${tried}`] : [];
  });
}

/** What its subject has taken is not called anything else. */
function checkLabels({ applied, ledger }: World['watch']): string[] {
  return [...applied.keys()].flatMap((id) => {
    const state = ledger.get(id)?.state?.S ?? State.applied;
    return OVER.includes(state) && state !== State.applied
      ? [`${id} was applied and is called ${state}`]
      : [];
  });
}

function idOf({ source, id }: LogLine): string {
  return `${source}#${id}`;
}
