/** What a drill is going to do, said before it begins. */
import type { InletConfig } from '../../functions/config/config.ts';
import { schemeOf } from '../../functions/verification/verify.ts';
import { chooseSources } from './choose-sources.ts';
import { BURST, SAMPLES } from './traffic-sizes.ts';

export const DRILL_PARTS = ['traffic', 'alarms'] as const;
export type Part = (typeof DRILL_PARTS)[number];

const ALARMS = [
  'rings every alarm, so that whoever is subscribed is notified: by its cause where there is one, else by setting its state',
  "sends 30 forged requests a minute until Rejections rings, 150 to 400 in all, and 12 messages that are none of Inlet's, which it takes away again",
  'switches the event sources of both queues off for up to 30 minutes: webhooks are accepted, and processed afterwards',
  'keeps Lambda from running each function for a minute or two: webhooks are answered 503 meanwhile (429 by a function URL)',
  'puts everything back, also on Ctrl-C; after a kill, inlet drill --undo does. Its credentials have to last until then',
];

/** @param withHandlers whether handlers run, too. */
export function planOf(
  stage: string,
  config: InletConfig,
  only: Part | undefined,
  withHandlers: boolean,
): readonly string[] {
  const { chosen, leftOut } = chooseSources(config, withHandlers);
  const names = chosen.map(({ name }) => name).join(', ') || 'no source';
  const minutes = only === 'traffic' ? 'about 5 minutes' : '35 to 60 minutes, most of it waiting for alarms';
  const handled = chosen.filter(({ config }) => config.handler !== undefined);
  const steps = [
    ...(only === 'alarms'
      ? []
      : [`sends up to ${webhooksOf(chosen, only)} webhooks in the name of ${names}: ${KINDS}`]),
    ...(only === 'traffic' ? [] : ALARMS),
    ...handled.map(
      ({ name, config }) =>
        `RUNS THE HANDLER ${config.handler} of ${name} ON MADE-UP EVENTS, with all that it does`,
    ),
    ...(leftOut.length > 0 ? [`leaves out ${leftOut.join('; ')}`] : []),
    `leaves its events in the ledger${LEFT[only ?? 'all']}, and compares audit, metrics and logs with what was sent`,
  ];
  return [`A drill of the stage ${stage} takes ${minutes}. It`, ...steps.map((step) => `- ${step}`)];
}

const KINDS = `samples of each source, repeats, forged ones, a large one, a batch and a burst of ${BURST}`;

const LEFT = {
  traffic: '',
  alarms: ', one of them quarantined and one dead',
  all: ', two of them quarantined and one dead',
};

/** Of each source its samples, a repeat and a forged one; then a large one, a batch, the burst, an unreadable one. */
function webhooksOf(chosen: ReturnType<typeof chooseSources>['chosen'], only: Part | undefined): number {
  if (chosen.length === 0) return 0;
  const proving = chosen.filter(({ provider, options }) => schemeOf(provider, options).kind !== 'unsigned');
  return chosen.length * (SAMPLES + 1) + proving.length + BURST + (only === 'traffic' ? 2 : 3);
}
