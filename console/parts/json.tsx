import { useMemo, useState } from 'preact/hooks';
import { ExactNumber } from '../api.ts';

/** More than anybody reads; a browser slows down on megabytes of text. */
const MAX_SHOWN = 60_000;
/** Words with a colour of their own are elements, and thousands of elements are slow. */
const MAX_COLOURED = 20_000;

/** JSON for reading, coloured. Everything in it is text to the browser, whatever it says. */
export function Json({ value, label }: { value: unknown; label: string }) {
  const text = useMemo(() => pretty(value, ''), [value]);
  return <Text text={text} label={label} coloured />;
}

export function Text({ text, label, coloured }: { text: string; label: string; coloured?: boolean }) {
  const [all, setAll] = useState(false);
  const cut = !all && text.length > MAX_SHOWN;
  const shown = cut ? text.slice(0, MAX_SHOWN) : text;
  return (
    <div class="json">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section tabIndex={0} aria-label={label}>
        <pre>{coloured && shown.length <= MAX_COLOURED ? paint(shown) : shown}</pre>
      </section>
      {cut && (
        <p>
          The first {MAX_SHOWN.toLocaleString()} of {text.length.toLocaleString()} characters.{' '}
          <button type="button" onClick={() => setAll(true)}>
            Show all
          </button>
        </p>
      )}
      <CopyButton text={text} />
    </div>
  );
}

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [done, setDone] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => {
        setDone(true);
        setTimeout(() => setDone(false), 1_500);
      },
      () => {},
    );
  };
  return (
    <button type="button" class="quiet copy" onClick={copy}>
      {done ? 'Copied' : label}
    </button>
  );
}

function pretty(value: unknown, indent: string): string {
  if (value instanceof ExactNumber) return value.digits;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + pretty(item, inner)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${pretty(item, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|(-?\d[\d.eE+-]*)/g;

function paint(text: string) {
  const parts: (string | preact.JSX.Element)[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, quoted, colon, word] = match;
    parts.push(text.slice(end, match.index));
    const kind = quoted ? (colon ? 'key' : 'text') : word ? 'word' : 'figure';
    parts.push(
      <span key={match.index} class={kind}>
        {quoted ?? whole}
      </span>,
    );
    if (colon) parts.push(colon);
    end = match.index + whole.length;
  }
  parts.push(text.slice(end));
  return parts;
}
