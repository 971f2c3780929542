/**
 * Reads the value of a parameter or of a managed secret: a JSON array of secrets, the current one first, or one secret
 * as it is.
 * @throws SyntaxError for what was meant to be an array of secrets and is none: taken for one secret, it would
 * make every signature wrong.
 */
export function parseSecrets(value: string): readonly string[] {
  // `aws ssm put-parameter --value file://…` brings the file's last line break along.
  const text = value.replace(/\r?\n$/, '');
  const list = parseArray(text);
  if (!list && !/^\s*\[\s*"/.test(text)) return text === '' ? [] : [text];
  // Not the parser's own error, which quotes the text.
  if (!list?.every((secret) => typeof secret === 'string' && secret !== ''))
    throw new SyntaxError('no list of secrets');
  return list as string[];
}

function parseArray(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
