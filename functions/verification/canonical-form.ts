import type { FormFields } from './unverified.ts';

/**
 * The fields of a form as Twilio and Mandrill sign them: sorted by name, each name followed at once by its value,
 * nothing between them. A repeated field counts once for each different value, in order of the values (that is
 * what Twilio's own libraries do).
 *
 * Nothing marks where a name ends, so `a=bc` and `ab=c` are one to the signature. The providers' design leaves
 * no way to tell them apart.
 */
export function canonicalForm(fields: FormFields): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of fields) {
    const known = values.get(name);
    if (known) known.add(value);
    else values.set(name, new Set([value]));
  }
  let text = '';
  for (const name of [...values.keys()].sort()) {
    for (const value of [...(values.get(name) ?? [])].sort()) text += name + value;
  }
  return text;
}
