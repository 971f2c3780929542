/** A request, as verification and packs see it. */

/** A webhook as it arrived, before anything in it is trusted. */
export interface WebhookRequest {
  /** Upper case. */
  readonly method: string;
  /** The public URL that the provider called, with its query, exactly as the provider knows it. */
  readonly url: string;
  /** What follows the source in the path: `''`, `'/event'`, … As the gateway gives it, which on AWS is decoded. */
  readonly subpath: string;
  /** Names in lower case. A repeated header is one value, joined by commas. Has no prototype. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes received. */
  readonly body: Buffer;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** The gateway's own id of the request, which no sender can choose. */
  readonly requestId?: string;
}

/** What fields are read from: one event of a verified request, as far as its proof covers it. */
export interface EventContext {
  /** The parsed event: the body, or one item of a body that carries several. */
  readonly payload: unknown;
  /** Only those that the proof covers, but for the fields that are declared as unsigned. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where the proof does not cover the URL. */
  readonly subpath: string;
  /** What names the proof of the request, where its scheme tells. Known at ingest only, so it may decide the id alone. */
  readonly proofId?: string | undefined;
  /** The gateway's id of the request: for `unsignedId` alone, and only when the request is taken in. */
  readonly requestId?: string | undefined;
}

/** An answer that a provider expects. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Options of a source that only its pack understands, as the configuration gives them. */
export type ProviderOptions = Readonly<Record<string, unknown>>;
