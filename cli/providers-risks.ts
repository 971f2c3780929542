import { MAX_TIES } from '../functions/core/decide.ts';
import type { Field } from '../functions/pack/fields.ts';
import type { Provider } from '../functions/pack/provider.ts';
import type { Coverage } from '../functions/pack/scheme.ts';

/** Lines of `docs/providers.md`: what somebody who has captured a genuine request can do all the same. */
export function risks(
  packs: readonly Provider[],
  coverageIn: (pack: Provider) => Coverage,
): readonly string[] {
  const typed = packs.filter(({ events }) => events.unsignedType !== undefined && events.id === undefined);
  const tied = typed.filter(({ events: { subject, revision } }) => subject && revision);
  const alike = packs.flatMap(({ name, events: { deliveryId } }) =>
    deliveryId === undefined ? [] : [`\`${name}\` (\`${firstPath(deliveryId)}\`)`],
  );
  const own = packs.flatMap((pack) => {
    const sentences = [coverageIn(pack).remains, pack.events.unsignedId?.because].filter(Boolean);
    return sentences.length > 0 ? [`- \`${pack.name}\`: ${sentences.join(' ')}`] : [];
  });
  return [
    '## What remains',
    '',
    'What somebody can do who has captured a genuine request, and what that costs:',
    '',
    '- Where no time is signed, it can be sent again once its entry has expired (`retentionDays`).',
    `- Where the type is not signed, it counts once for each type that somebody claims for it: ${names(typed)}.`,
    `- Where such events also say a revision (${names(tied)}) and the newest state is kept, the types that`,
    `  somebody claims for the newest body fill up its revision: ${MAX_TIES - 1} of them quarantine the next genuine event of the same`,
    '  revision, until `inlet subject reset` and a redrive. A newer revision is applied as ever.',
    '- Where no id is signed, events of equal bytes and type are one. What came again under another id is counted on the',
    '  entry. `delivery` with the path of that id tells them apart, and then a captured request counts once for each id that',
    `  somebody makes up: ${alike.join(', ')}.`,
    ...own,
    '',
  ];
}

function names(packs: readonly Provider[]): string {
  return packs.map(({ name }) => `\`${name}\``).join(', ');
}

/** The first path that a field names. */
function firstPath(value: Field): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'function') return '';
  return firstPath('any' in value ? (value.any[0] ?? '') : (value[0] ?? ''));
}
