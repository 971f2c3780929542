import { ApiError } from '../api/api-error.ts';
import { isoTime } from '../api/entry.ts';
import { listSources } from '../api/list-sources.ts';
import { listPositions } from '../api/listing.ts';
import type { ApiParts } from '../api/parts.ts';
import { keeping } from '../config/config.ts';
import { optionsOf } from '../config/sources.ts';
import type { Provider } from '../pack/provider.ts';
import { schemeOf } from '../verification/verify.ts';
import type { SourceDetail } from './types.ts';

/** Which of a source's secrets proved its newest request, where somebody has watched. */
export type SecretPosition = (source: string) => number | undefined;

export async function sourceDetails(
  parts: ApiParts,
  origin: string,
  secretPosition: SecretPosition = () => undefined,
): Promise<SourceDetail[]> {
  return Promise.all(
    listSources(parts.sources).map(async (info): Promise<SourceDetail> => {
      const pack = parts.sources.get(info.source)?.provider;
      if (!pack) throw new ApiError(500, `no provider pack ${info.provider}`);
      const url = `${parts.config.publicUrl?.replace(/\/$/, '') ?? origin}${info.path}`;
      return {
        ...info,
        title: pack.title,
        url,
        ...(keeping(parts.config).listing && { lastHeard: await lastHeard(parts, info.source) }),
        registration: (pack.registration ?? []).map((sentence) =>
          sentence.replaceAll('{url}', url).replaceAll('{secret}', 'the secret of this source'),
        ),
        secret: pack.secret.description,
        secretPosition: hasSecret(parts, info.source, pack) ? (secretPosition(info.source) ?? null) : null,
        retries: pack.retries.schedule,
        documentation: pack.documentation,
      };
    }),
  );
}

/** False where nothing is proven, or by keys that anybody may know. */
function hasSecret({ config }: ApiParts, source: string, pack: Provider): boolean {
  const own = config.sources[source];
  const scheme = own && schemeOf(pack, optionsOf(own));
  return scheme?.kind !== 'unsigned' && !(scheme?.kind === 'custom' && scheme.withoutSecret === true);
}

async function lastHeard(parts: ApiParts, source: string): Promise<string | null> {
  for await (const { receivedAt } of listPositions(parts, { sources: [source] }, 1)) {
    return isoTime(receivedAt);
  }
  return null;
}
