import { useEffect, useRef, useState } from 'preact/hooks';
import type { SourceInfo } from '../../functions/api/types.ts';
import { FILTER_KEYS, type Filter, type FilterKey, readTime } from '../filter.ts';
import { href, navigate } from '../location.ts';
import { EVENT_STATES } from './state.tsx';
import { useGet } from './use.ts';

const TEXTS: readonly (readonly [FilterKey, string, string])[] = [
  ['type', 'Type', 'message.read'],
  ['subject', 'Subject', ''],
  ['tenant', 'Tenant', ''],
  ['id', 'Event id', ''],
  ['after', 'Since', '15m, 2h or a date'],
  ['before', 'Until', '1h or a date'],
];

/** Typing pauses for this long before the list follows. */
const PAUSE_MS = 150;

interface FiltersProps {
  readonly filter: Filter;
  /** Parts of the URL that are not the filter's, and stay. */
  readonly keep: Readonly<Record<string, string>>;
}

export function Filters({ filter, keep }: FiltersProps) {
  const { value } = useGet<{ sources: readonly SourceInfo[] }>('/api/sources');
  // From the URL as it is then: typing follows with a pause, in which anything else there may have changed.
  const change = (key: FilterKey, text: string, typing = false) => {
    const present = Object.fromEntries(new URLSearchParams(location.search));
    navigate(href('events', { ...present, [key]: text.trim() }), typing);
  };
  const active = FILTER_KEYS.filter((key) => filter[key]);
  const unreadable = [filter.after, filter.before].find((text) => text && readTime(text, 0) === undefined);
  const hasMore = TEXTS.some(([key]) => filter[key]);
  const [isOpen, setOpen] = useState(hasMore);
  // Opened by what the URL says, closed by a person only: an input that is being emptied must not go away.
  useEffect(() => {
    if (hasMore) setOpen(true);
  }, [hasMore]);
  return (
    <form class="filters" aria-label="Filter events" onSubmit={(event) => event.preventDefault()}>
      <label>
        Source
        <select value={filter.source ?? ''} onChange={(event) => change('source', event.currentTarget.value)}>
          <option value="">All</option>
          {value?.sources.map(({ source }) => (
            <option key={source} value={source}>
              {source}
            </option>
          ))}
        </select>
      </label>
      <label>
        State
        <select value={filter.state ?? ''} onChange={(event) => change('state', event.currentTarget.value)}>
          <option value="">All</option>
          {EVENT_STATES.map((state) => (
            <option key={state} value={state}>
              {state}
            </option>
          ))}
          <option value="queued,retrying">in flight</option>
          <option value="quarantined,dead">quarantined or dead</option>
        </select>
      </label>
      <button
        type="button"
        class="quiet toggle"
        aria-expanded={isOpen}
        onClick={() => setOpen((before) => !before)}
      >
        More filters
      </button>
      {active.length > 0 && (
        <a class="button" href={href('events', keep)}>
          Clear {active.length === 1 ? 'filter' : `${active.length} filters`}
        </a>
      )}
      {isOpen && (
        <div class="more">
          {TEXTS.map(([key, title, hint]) => (
            <TextFilter
              key={key}
              title={title}
              hint={hint}
              value={filter[key] ?? ''}
              onChange={(text) => change(key, text, true)}
            />
          ))}
        </div>
      )}
      {unreadable && (
        <p class="notice bad" role="status">
          “{unreadable}” is not a time, so the list is not limited by it: write 15m, 2h or 1d for how long
          ago, or a date.
        </p>
      )}
    </form>
  );
}

function TextFilter(props: { title: string; hint: string; value: string; onChange(text: string): void }) {
  const [text, setText] = useState(props.value);
  // What this input itself has said last: when that comes back, it must not overwrite what was typed since.
  const said = useRef(props.value);
  useEffect(() => {
    if (props.value === said.current) return;
    said.current = props.value;
    setText(props.value);
  }, [props.value]);
  useEffect(() => {
    if (text.trim() === said.current) return;
    const timer = setTimeout(() => {
      said.current = text.trim();
      props.onChange(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label>
      {props.title}
      <input
        type="text"
        placeholder={props.hint}
        spellcheck={false}
        autocomplete="off"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </label>
  );
}
