/** A parsed form: nested objects without a prototype, lists, and text. */
export type FormValue = string | FormValue[] | { [key: string]: FormValue };

/** Deeper nesting than any form has; what lies below stays one literal key. */
const MAX_DEPTH = 32;

/**
 * Reads `application/x-www-form-urlencoded` with nested brackets as Rails and PHP write them:
 * `a[b][0][c]=1`. Nothing is lost: a key that comes again without an index (`a[id]=1&a[id]=2`) becomes a list
 * in order of appearance, and a value that meets an object is kept in it under the empty key.
 * Keys such as `__proto__` are ordinary keys. The form itself is never a list, whatever its fields are called: one
 * signature over fields would prove as many events.
 */
export function parseForm(text: string): { [key: string]: FormValue } {
  const root = emptyObject();
  for (const [key, value] of new URLSearchParams(text)) insert(root, splitKey(key), value);
  for (const key of Object.keys(root)) root[key] = arraysFrom(root[key] as FormValue);
  return root;
}

type Node = { [key: string]: FormValue };

function emptyObject(): Node {
  return Object.create(null) as Node;
}

/** `a[b][0]` → `a`, `b`, `0`. A key whose brackets do not match is taken literally. */
export function splitKey(key: string): readonly string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(key);
  if (!match?.[1]) return [key];
  const inner = match[2] ? match[2].slice(1, -1).split('][') : [];
  return inner.length < MAX_DEPTH ? [match[1], ...inner] : [key];
}

function insert(root: Node, path: readonly string[], value: string): void {
  let node = root;
  for (const segment of path.slice(0, -1)) node = descend(node, segment);
  const last = path.at(-1) ?? '';
  const present = node[last];
  if (present === undefined) node[last] = value;
  else if (Array.isArray(present)) present.push(value);
  else if (typeof present === 'string') node[last] = [present, value];
  else insert(present, [''], value);
}

/** The object at `segment`, made where it is missing; text that stands there moves to its empty key. */
function descend(node: Node, segment: string): Node {
  const present = node[segment];
  if (typeof present === 'object' && !Array.isArray(present)) return present;
  const child = emptyObject();
  if (present !== undefined) child[''] = present;
  node[segment] = child;
  return child;
}

/** Objects whose keys are `0`, `1`, … in a row become lists; `a[]=1` becomes one too. */
function arraysFrom(value: FormValue): FormValue {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(arraysFrom);
  const keys = Object.keys(value);
  for (const key of keys) value[key] = arraysFrom(value[key] as FormValue);
  if (keys.length === 1 && keys[0] === '') return [value[''] as FormValue].flat();
  const isList = keys.length > 0 && keys.every((key, position) => key === String(position));
  return isList ? keys.map((key) => value[key] as FormValue) : value;
}
