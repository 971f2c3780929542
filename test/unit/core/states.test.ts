import { readFileSync } from 'node:fs';
import { withStates } from '../../../cli/states-doc.ts';
import {
  EVENT_STATES,
  FINAL,
  GIVEN_UP,
  IN_FLIGHT,
  isState,
  isTransition,
  OPEN,
  OUTCOMES,
  STATES,
  type State,
  statesBefore,
  WRITES,
} from '../../../functions/core/states.ts';

const all = Object.keys(STATES) as State[];

test('every state is open, settled or given up, and in one of the three sets', () => {
  expect([...OPEN, ...FINAL, ...GIVEN_UP].toSorted()).toEqual(all.toSorted());
});

test('what people see is what was accepted, and no batch', () => {
  expect(EVENT_STATES).toEqual(['queued', 'retrying', 'applied', 'stale', 'quarantined', 'dead']);
  expect(EVENT_STATES).toEqual([...IN_FLIGHT, ...OUTCOMES]);
});

test('every state can be reached, from every open one some outcome can, and from a settled one nothing leads on', () => {
  const reached = new Set<State>(WRITES.claim.to);
  for (let size = 0; size !== reached.size; ) {
    size = reached.size;
    for (const from of [...reached]) for (const to of all) if (isTransition(from, to)) reached.add(to);
  }
  expect([...reached].toSorted()).toEqual(all.toSorted());
  for (const state of OPEN) expect(OUTCOMES.every((outcome) => isTransition(state, outcome))).toBe(true);
  for (const state of FINAL) expect(all.some((to) => isTransition(state, to))).toBe(false);
});

test('a late success ends what was given up; nothing else does but a redrive', () => {
  expect(statesBefore('applied')).toEqual([...OPEN, ...GIVEN_UP]);
  expect(statesBefore('split')).toEqual([...OPEN, ...GIVEN_UP]);
  for (const outcome of ['stale', 'quarantined', 'dead'] as const)
    expect(statesBefore(outcome)).toEqual(OPEN);
  for (const state of GIVEN_UP) {
    expect(all.filter((to) => isTransition(state, to)).toSorted()).toEqual(['applied', 'queued', 'split']);
  }
});

test('names that every object has are no states', () => {
  expect(['constructor', 'toString', ''].filter(isState)).toEqual([]);
});

test('docs/architecture.md shows them; if not, run "npm run docs:states"', () => {
  const document = readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8');
  expect(document).toBe(withStates(document));
  expect(() => withStates('')).toThrow('lacks the lines');
});
