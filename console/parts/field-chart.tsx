import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import type { Values } from '../../functions/console/types.ts';
import { State } from '../../functions/core/states.ts';
import { post } from '../api.ts';
import type { Row } from '../event-store.ts';
import { Chart } from './chart.tsx';

/** The newest events whose payloads are looked into. */
const MAX_ROWS = 500;
const BATCH = 100;
const MAX_BARS = 10;
/** A server that refuses is asked again after this long: it may refuse because it is asked too often. */
const RETRY_MS = 5_000;

/** Values with an order and colours that everybody knows; the tasks demo has them. */
const PRIORITIES = ['Low', 'Moderate', 'Major', 'Critical'];
const COLOURS = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6'];

interface FieldChartProps {
  readonly rows: readonly Row[];
  readonly field: string;
  onField(field: string): void;
}

/** How often each value of one payload field occurs. */
export function FieldChart({ rows, field, onField }: FieldChartProps) {
  const newest = useMemo(() => rows.slice(0, MAX_ROWS), [rows]);
  const { values, fields } = useValues(newest, field);
  const [text, setText] = useState(field);
  useEffect(() => setText(field), [field]);
  const counted = useMemo(() => count(newest, values), [newest, values, values.size]);
  return (
    <section class="card" aria-labelledby="field-title">
      <div class="title">
        <h2 id="field-title">By payload field</h2>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onField(text.trim());
          }}
        >
          <label class="unseen" for="field">
            Payload field
          </label>
          <input
            id="field"
            list="fields"
            placeholder="priority"
            spellcheck={false}
            autocomplete="off"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onChange={() => onField(text.trim())}
          />
          <datalist id="fields">
            {fields.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </form>
      </div>
      {field === '' ? (
        <Hint fields={fields} onField={onField} />
      ) : counted.length === 0 ? (
        <p class="empty">None of these events has a field “{field}” with a single value.</p>
      ) : (
        <FieldBars counted={counted} field={field} />
      )}
    </section>
  );
}

function Hint({ fields, onField }: { fields: readonly string[]; onField(field: string): void }) {
  if (fields.length === 0)
    return <p class="empty">Counts the values of a payload field of the events below.</p>;
  return (
    <div class="empty">
      <p>Choose a field of these payloads:</p>
      <p class="chips">
        {fields.slice(0, 12).map((name) => (
          <button key={name} type="button" onClick={() => onField(name)}>
            {name}
          </button>
        ))}
      </p>
    </div>
  );
}

function FieldBars({ counted, field }: { counted: readonly (readonly [string, number])[]; field: string }) {
  const data = useMemo(() => {
    const colours = counted.map(([value], n) =>
      PRIORITIES.includes(value)
        ? `priority-${value.toLowerCase()}`
        : (COLOURS[n % COLOURS.length] ?? 'accent'),
    );
    const labels = counted.map(([value]) => (value.length > 18 ? `${value.slice(0, 17)}…` : value));
    return { labels, series: [{ name: field, values: counted.map(([, n]) => n), colours }] };
  }, [counted, field]);
  const words = counted.map(([value, n]) => `${value}: ${n}`).join(', ');
  return <Chart data={data} label={`Events by ${field}. ${words}`} />;
}

function count(
  rows: readonly Row[],
  values: ReadonlyMap<string, string | null>,
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { key } of rows) {
    const value = values.get(key);
    if (value !== undefined && value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const isPriority = [...counts.keys()].every((value) => PRIORITIES.includes(value));
  if (isPriority && counts.size > 0) return PRIORITIES.map((value) => [value, counts.get(value) ?? 0]);
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, MAX_BARS);
}

/** Fetches the values that are not known yet, a batch at a time. A payload never changes. */
function useValues(rows: readonly Row[], field: string) {
  const [values, setValues] = useState(() => new Map<string, string | null>());
  const [fields, setFields] = useState<readonly string[]>([]);
  const [round, again] = useReducer((n: number) => n + 1, 0);
  const [busy, setBusy] = useState(false);
  useEffect(() => setValues(new Map()), [field]);
  useEffect(() => {
    if (busy) return;
    // The archive is written when the worker takes the event, so what is still queued has no payload yet.
    const wanted = rows.filter(({ key, state }) => state !== State.queued && !values.has(key));
    const batch = field === '' && fields.length > 0 ? [] : wanted.slice(0, BATCH);
    if (batch.length === 0) return;
    setBusy(true);
    post<Values>('/api/values', { field, events: batch.map(({ source, id }) => ({ source, id })) })
      .then((answer) => {
        batch.forEach(({ key }, n) => void values.set(key, answer.values[n] ?? null));
        if (answer.fields.some((name) => !fields.includes(name))) {
          setFields([...new Set([...fields, ...answer.fields])].sort());
        }
        const shown = new Set(rows.map(({ key }) => key));
        for (const key of values.keys())
          if (values.size > MAX_ROWS * 2 && !shown.has(key)) values.delete(key);
      })
      .catch(() => new Promise((resolve) => setTimeout(resolve, RETRY_MS)))
      .finally(() => {
        setBusy(false);
        again(undefined as never);
      });
  }, [rows, field, values, round, busy]);
  return { values, fields };
}
