/** True for `application/x-www-form-urlencoded`. The bytes have to be a form, too: `isForm`. */
export function saysForm(contentType: string | undefined): boolean {
  return contentType?.trim().toLowerCase().startsWith('application/x-www-form-urlencoded') ?? false;
}

/** The longest name of a first field that is looked for. */
const MAX_NAME_BYTES = 1_024;

/**
 * Whether a body is a form, by its bytes: few signatures cover the content type. No JSON begins with a name and `=`. Who
 * verifies and who parses have to agree, or one would read a proof and the other an event that it does not prove.
 */
export function isForm(body: Buffer): boolean {
  return /^[\w.%+*~[\]-]+=/.test(body.subarray(0, MAX_NAME_BYTES).toString('latin1'));
}
