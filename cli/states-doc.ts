import { STATES, type State, WRITES, type Write } from '../functions/core/states.ts';

const BEGIN = '<!-- states: written by "npm run docs:states" from functions/core/states.ts -->';
const END = '<!-- /states -->';

/**
 * `docs/architecture.md` with the picture and the tables of states as the table in the code has them.
 * @throws Error when the marks are missing between which they stand.
 */
export function withStates(document: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`docs/architecture.md lacks the lines ${BEGIN} and ${END}`);
  return `${document.slice(0, begin)}${BEGIN}\n\n${statesDoc()}\n\n${document.slice(end)}`;
}

function statesDoc(): string {
  return [picture(), statesTable(), writesTable()].join('\n\n');
}

/** A state diagram as GitHub draws it (https://mermaid.js.org/syntax/stateDiagram.html), with a box for each phase. */
function picture(): string {
  const boxes = Map.groupBy(Object.keys(STATES) as State[], (state) => STATES[state].phase);
  const idOf = (phase: string) => phase.replace('-', '_');
  const lines = [...boxes].flatMap(([phase, states]) => [
    `  state "${phase}" as ${idOf(phase)} {`,
    ...states.map((state) => `    ${state}`),
    '  }',
  ]);
  const arrows = Object.entries(WRITES).flatMap(([name, { from, to }]: [string, Write]) => {
    // From every state of a phase to one outside: one arrow from its box.
    const box = [...boxes].find(
      ([, states]) => states.join() === from.join() && !to.some((it) => from.includes(it)),
    );
    const sources = from.length === 0 ? ['[*]'] : box ? [idOf(box[0])] : from;
    return sources.flatMap((before) =>
      to.filter((after) => after !== before).map((after) => `  ${before} --> ${after}: ${name}`),
    );
  });
  return ['```mermaid', 'stateDiagram-v2', ...lines, ...arrows, '```'].join('\n');
}

function statesTable(): string {
  const rows = (Object.keys(STATES) as State[]).map((state) => {
    const { of, phase, accepted, means } = STATES[state];
    const what = of === 'both' ? 'event, batch' : of;
    return `| \`${state}\` | ${what} | ${phase} | ${accepted ? 'yes' : 'perhaps'} | ${means} |`;
  });
  return ['| state | of | phase | acknowledged | what it means |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

function writesTable(): string {
  const list = (states: readonly string[]) =>
    states.length === 0 ? '–' : states.map((state) => `\`${state}\``).join(', ');
  const rows = Object.entries(WRITES).map(
    ([name, { from, to, by, when }]) => `| ${name} | ${list(from)} | ${list(to)} | ${by} | ${when} |`,
  );
  return ['| write | from | to | who | when |', '|---|---|---|---|---|', ...rows].join('\n');
}
