/**
 * `npm run planted`: plants every bug and says what has noticed it; exit status 1 when one survives.
 * `npm run planted -- lease archive`: only those whose name has one of these words.
 */
import { bugs } from './bugs.ts';
import { describeVerdict, isGood, judge } from './judge.ts';

const words = process.argv.slice(2);
const chosen = bugs.filter(
  ({ name, equivalent }) =>
    equivalent === undefined && (words.length === 0 || words.some((word) => name.includes(word))),
);
const verdicts = await judge(chosen);
console.log('| bug | noticed by | s |\n|---|---|---:|');
for (const verdict of verdicts) console.log(describeVerdict(verdict));
const survivors = verdicts.filter((verdict) => !isGood(verdict));
console.log(`\n${chosen.length} planted, ${survivors.length} not as they should be`);
for (const { name, equivalent } of bugs)
  if (equivalent !== undefined) console.log(`equivalent: ${name}: ${equivalent}`);
process.exit(survivors.length > 0 ? 1 : 0);
