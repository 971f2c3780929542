/** What a drill is going to do, said before it begins. */
export const DRILL_PARTS = ['traffic', 'alarms'] as const;
export type Part = (typeof DRILL_PARTS)[number];

const TRAFFIC = [
  'sends about 70 webhooks: samples of each source, repeats, forged ones, a large one, a batch, one that cannot be read, a burst of 50',
];
const ALARMS = [
  'rings every alarm, so that whoever is subscribed is told: by its cause where there is one, else by setting its state',
  "sends about 400 forged requests, and 12 messages that are none of Inlet's, which it takes away again",
  'switches the event sources of both queues off for up to 25 minutes: webhooks are accepted, and processed afterwards',
  'lets Lambda run none of the functions for a minute or two each: webhooks are answered 503 meanwhile',
  'puts everything back, also on Ctrl-C; after a kill, inlet drill --undo does',
];
const LEAVES = [
  'leaves its events in the ledger, two of them quarantined and one dead, and compares audit, metrics and logs with what was sent',
];

export function planOf(stage: string, only: Part | undefined): readonly string[] {
  const steps = [...(only === 'alarms' ? [] : TRAFFIC), ...(only === 'traffic' ? [] : ALARMS), ...LEAVES];
  const minutes = only === 'traffic' ? '5 minutes' : '35 to 60 minutes, most of it waiting for alarms';
  return [`A drill of the stage ${stage} takes ${minutes}. It`, ...steps.map((step) => `- ${step}`)];
}
