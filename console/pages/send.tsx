import { useEffect, useRef, useState } from 'preact/hooks';
import type { Produced, ProduceRequest, SampleSet } from '../../functions/console/types.ts';
import { ApiFailure, post } from '../api.ts';
import type { PageProps } from '../page-props.ts';
import { Failure } from '../parts/failure.tsx';
import { SendForm, type SendOrder } from '../parts/send-form.tsx';
import { type Shipment, Shipments } from '../parts/shipments.tsx';
import { useGet } from '../parts/use.ts';

/** Rows kept on the screen. */
const MAX_SHOWN = 200;
/** What one request to the server may ask for. */
const MAX_BATCH = 50;

export function SendPage({ query }: PageProps) {
  const { value, failure, reload } = useGet<{ sources: readonly SampleSet[] }>('/api/samples');
  const [shipments, setShipments] = useState<readonly Shipment[]>([]);
  const [problem, setProblem] = useState<string>();
  const [sending, setSending] = useState(false);
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);

  const ship = (source: string, produced: readonly Produced[]) =>
    setShipments((before) =>
      [
        ...produced.map((one, n) => ({ ...one, source, n: (before[0]?.n ?? 0) + n + 1 })).reverse(),
        ...before,
      ].slice(0, MAX_SHOWN),
    );

  const send = async (order: SendOrder) => {
    const own = new AbortController();
    abort.current = own;
    setSending(true);
    setProblem(undefined);
    try {
      for await (const request of requests(order, own.signal)) {
        const { sent } = await post<{ sent: readonly Produced[] }>('/api/produce', request, own.signal);
        ship(order.source, sent);
      }
    } catch (error) {
      if (!own.signal.aborted) setProblem(error instanceof ApiFailure ? error.message : String(error));
    }
    setSending(false);
  };

  if (failure) return <Failure message={failure} onRetry={reload} />;
  return (
    <>
      <h1>Send samples</h1>
      <p class="lead">
        Each is signed as its provider would and sent over HTTP, so that it takes the whole way of a webhook.
      </p>
      {value && (
        <SendForm
          sources={value.sources}
          preset={query.get('source') ?? undefined}
          sending={sending}
          onSend={(order) => void send(order)}
          onStop={() => abort.current?.abort()}
        />
      )}
      {problem && <Failure message={problem} />}
      <Shipments shipments={shipments} />
    </>
  );
}

/** One request to the server after the other, at the pace that was asked for. */
async function* requests(order: SendOrder, signal: AbortSignal): AsyncGenerator<ProduceRequest> {
  const { count, rate, ...request } = order;
  if (order.story) {
    yield { ...request, count: 1 };
    return;
  }
  const batch = Math.max(1, Math.min(MAX_BATCH, Math.floor(rate / 4)));
  const started = performance.now();
  for (let done = 0; done < count; done += batch) {
    const wait = started + (done * 1_000) / rate - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    signal.throwIfAborted();
    yield { ...request, seed: order.seed + done, count: Math.min(batch, count - done) };
  }
}
