import { useState } from 'preact/hooks';
import type { ProduceRequest, SampleSet } from '../../functions/console/types.ts';

/** What somebody wants sent. `rate`: events a second. */
export type SendOrder = ProduceRequest & { readonly rate: number };

interface SendFormProps {
  readonly sources: readonly SampleSet[];
  readonly preset: string | undefined;
  readonly sending: boolean;
  onSend(order: SendOrder): void;
  onStop(): void;
}

export function SendForm({ sources, preset, sending, onSend, onStop }: SendFormProps) {
  const [source, setSource] = useState(
    preset ?? sources.find((one) => one.source === 'tasks')?.source ?? sources[0]?.source ?? '',
  );
  const [type, setType] = useState('');
  // Undefined while a figure is being written anew.
  const [count, setCount] = useState<number | undefined>(10);
  const [rate, setRate] = useState<number | undefined>(5);
  const [seed, setSeed] = useState<number>();
  const [forge, setForge] = useState(false);
  const types = sources.find((one) => one.source === source)?.types ?? [];
  const order = (story: boolean): SendOrder => ({
    source,
    ...(type && !story && { type }),
    count: count ?? 1,
    rate: rate ?? 1,
    // Another one each time: the same would send the same events, and they would be duplicates.
    seed: seed ?? Math.floor(Math.random() * 2 ** 30),
    story,
    forge,
  });
  const submit = (event: Event) => {
    event.preventDefault();
    onSend(order(false));
  };
  return (
    <form class="card send" onSubmit={submit}>
      <div class="fields">
        <label>
          Source
          <select
            value={source}
            onChange={(event) => {
              setSource(event.currentTarget.value);
              setType('');
            }}
          >
            {sources.map((one) => (
              <option key={one.source} value={one.source}>
                {one.source}
              </option>
            ))}
          </select>
        </label>
        <label>
          Event
          <select value={type} onChange={(event) => setType(event.currentTarget.value)}>
            <option value="">{types.length > 1 ? 'In turn' : (types[0] ?? 'none')}</option>
            {types.length > 1 &&
              types.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
          </select>
        </label>
        <Figure label="How many" min={1} max={10_000} value={count} onValue={setCount} />
        <Figure label="A second" min={1} max={500} value={rate} onValue={setRate} />
        <Figure label="Seed" min={0} max={2 ** 31} value={seed} placeholder="random" onValue={setSeed} />
        <label class="check">
          <input
            type="checkbox"
            checked={forge}
            onChange={(event) => setForge(event.currentTarget.checked)}
          />
          With a wrong signature
        </label>
      </div>
      <div class="buttons">
        {sending ? (
          <button type="button" onClick={onStop}>
            Stop
          </button>
        ) : (
          <button type="submit" class="primary">
            Send
          </button>
        )}
        {types.length > 1 && (
          <button type="button" disabled={sending} onClick={() => onSend(order(true))}>
            All revisions of one subject, shuffled
          </button>
        )}
      </div>
    </form>
  );
}

interface FigureProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly value: number | undefined;
  readonly placeholder?: string;
  onValue(value: number | undefined): void;
}

function Figure({ label, min, max, value, placeholder, onValue }: FigureProps) {
  return (
    <label>
      {label}
      <input
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        step={1}
        placeholder={placeholder}
        required={placeholder === undefined}
        value={value ?? ''}
        onInput={(event) => {
          const next = Math.floor(event.currentTarget.valueAsNumber);
          onValue(Number.isFinite(next) ? Math.min(max, Math.max(min, next)) : undefined);
        }}
      />
    </label>
  );
}
