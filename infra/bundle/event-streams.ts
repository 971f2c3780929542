/**
 * Takes the place of `@smithy/core/event-streams`. Operations that answer with a stream of events (S3 Select,
 * Kinesis, Transcribe) need it; none of the entry's is one. Saves 15 KB. The S3 client's own file keeps the
 * original.
 *
 * Proof: the protocol reaches for it only when an operation's schema has an event stream member, and would then
 * fail with this message in every test of the operation.
 */
function absent(): never {
  throw new Error('event streams are not in this bundle: see infra/bundle/event-streams.ts');
}

export { absent as eventStreamSerdeProvider };
export class EventStreamSerde {
  constructor() {
    absent();
  }
}
