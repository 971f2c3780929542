/**
 * An envelope as the archive stores it: what the item's id says is left out, and the body stands raw behind the rest,
 * because base64 hides from compression what repeats. A third smaller than the queue's form.
 */
import { assertEnvelope, type Envelope } from '../../core/envelope.ts';
import { compress, decompressBytes } from '../compress.ts';

/** JSON has no line break of its own, so the first one ends it. */
const BREAK = 0x0a;

/**
 * Release 0.1.0 looks for this. The item itself says its format; as long as the form within is the same, this stays, so
 * that whoever goes back to 0.1.0 can still read and redrive what was archived meanwhile.
 */
const version = 1;

export function packEnvelope({ source: _, id: __, body, ...rest }: Envelope): Buffer {
  const raw = Buffer.from(body ?? '', 'base64');
  return compress(Buffer.concat([Buffer.from(JSON.stringify({ version, ...rest })), Buffer.of(BREAK), raw]));
}

/**
 * Reads what `packEnvelope` wrote.
 * @param itemId `<source>#<id>`
 * @throws TypeError when it is something else.
 */
export function unpackEnvelope(itemId: string, packed: Uint8Array): Envelope {
  const bytes = decompressBytes(packed);
  const end = bytes.indexOf(BREAK);
  const { version: _, ...rest } = JSON.parse(bytes.toString('utf8', 0, end)) as Partial<Envelope> & {
    readonly version?: number;
  };
  const at = itemId.indexOf('#');
  const body = rest.reference ? {} : { body: bytes.toString('base64', end + 1) };
  const envelope: unknown = { ...rest, source: itemId.slice(0, at), id: itemId.slice(at + 1), ...body };
  assertEnvelope(envelope);
  return envelope;
}
