import type { KeyForm } from '../pack/scheme.ts';

/** Key bytes of a secret's text, or undefined when the text is not of that form. */
export function keyBytes(secret: string, form: KeyForm): Buffer | undefined {
  if (form === 'utf8') return secret === '' ? undefined : Buffer.from(secret, 'utf8');
  if (form === 'hex') {
    return /^([0-9a-f]{2})+$/i.test(secret) ? Buffer.from(secret, 'hex') : undefined;
  }
  if (form === 'base64') {
    return isBase64(secret) ? Buffer.from(secret, 'base64') : undefined;
  }
  if (form.otherwise && !form.strip.some((prefix) => secret.startsWith(prefix))) {
    return form.otherwise === 'utf8' ? keyBytes(secret, 'utf8') : undefined;
  }
  let rest = secret;
  for (const prefix of form.strip) if (rest.startsWith(prefix)) rest = rest.slice(prefix.length);
  return keyBytes(rest, form.decode);
}

/** With or without padding; four characters and one more cannot be, and would be cut off in silence. */
function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1;
}
