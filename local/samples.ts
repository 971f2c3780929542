import { InletError } from '../functions/core/errors.ts';
import type { Provider } from '../functions/pack/provider.ts';
import { seededRandom, shuffled } from './random.ts';

/** The pack has no sample of what is asked for. */
export class NoSampleError extends InletError {
  constructor(message: string) {
    super('no-sample', message);
  }
}

/** One request to send, not yet signed. */
export interface Draft {
  readonly type: string;
  readonly subpath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface SampleOptions {
  readonly type?: string | undefined;
  /** Different events. */
  readonly count: number;
  /** Times that each is sent. */
  readonly repeat: number;
  readonly shuffle: boolean;
  readonly seed: number;
  /** A body to send in place of the samples'. */
  readonly data?: Buffer | undefined;
}

/**
 * What is sent, in order. Without a type the pack's samples take turns with the same seed, so that three of them tell
 * the story of one subject.
 * @throws NoSampleError when the pack has no such sample.
 */
export function drafts(provider: Provider, options: SampleOptions): readonly Draft[] {
  const samples =
    options.type === undefined
      ? provider.samples
      : provider.samples.filter(({ type }) => type === options.type);
  if (samples.length === 0) {
    const types = [...new Set(provider.samples.map(({ type }) => type))].join(', ');
    throw new NoSampleError(
      options.type === undefined
        ? `${provider.title} has no samples: give a body with --data.`
        : `--type ${options.type}: ${provider.title} has samples of ${types || 'no type'}.`,
    );
  }
  const different = Array.from({ length: options.count }, (_, n): Draft => {
    const sample = samples[n % samples.length] ?? samples[0];
    const seed = options.seed + Math.floor(n / samples.length);
    return {
      type: sample?.type ?? '',
      subpath: sample?.subpath ?? '',
      headers: sample?.headers ?? {},
      body: options.data ?? Buffer.from(sample?.body(seed) ?? ''),
    };
  });
  const all = different.flatMap((draft) => Array<Draft>(options.repeat).fill(draft));
  return options.shuffle ? shuffled(all, seededRandom(options.seed)) : all;
}
