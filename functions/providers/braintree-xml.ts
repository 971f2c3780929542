/** The few facts of Braintree's XML that Inlet needs, read without an XML library and in linear time. */

export interface Notification {
  readonly kind?: string;
  readonly timestamp?: string;
  /** The id of what the event is about: `<subject><subscription><id>`. */
  readonly subjectId?: string;
  /** The whole payload, for whoever needs more. */
  readonly xml: string;
}

const MAX_DEPTH = 64;

/** Reads `bt_payload`. What is not there stays away; the text is kept in any case. */
export function readNotification(payload: unknown): Notification {
  const xml = Buffer.from(typeof payload === 'string' ? payload : '', 'base64').toString('utf8');
  const found: { kind?: string; timestamp?: string; subjectId?: string } = {};
  for (const { path, text } of leaves(xml)) {
    if (path === 'notification/kind') found.kind ??= text;
    else if (path === 'notification/timestamp') found.timestamp ??= text;
    // An id deeper than this is one of an add-on or a transaction within the subject.
    else if (/^notification\/subject\/[^/]+\/id$/.test(path)) found.subjectId ??= text;
  }
  return { ...found, xml };
}

/** Every element that holds text only, with the path to it. Walks from tag to tag; never looks back. */
function* leaves(xml: string): Generator<{ readonly path: string; readonly text: string }> {
  const open: string[] = [];
  let textFrom = -1;
  for (let start = xml.indexOf('<'); start >= 0; ) {
    const end = xml.indexOf('>', start);
    if (end < 0) return;
    const tag = xml.slice(start + 1, end);
    if (tag.startsWith('/')) {
      if (textFrom >= 0) yield { path: open.join('/'), text: unescapeXml(xml.slice(textFrom, start).trim()) };
      open.pop();
      textFrom = -1;
    } else if (!tag.startsWith('?') && !tag.startsWith('!') && !tag.endsWith('/')) {
      open.push(nameOf(tag));
      if (open.length > MAX_DEPTH) return;
      textFrom = end + 1;
    }
    start = xml.indexOf('<', end);
  }
}

function nameOf(tag: string): string {
  const space = tag.search(/\s/);
  return space < 0 ? tag : tag.slice(0, space);
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (entity, name: string) => entities[name] ?? entity);
}
