import { useEffect, useState } from 'preact/hooks';

const tickers = new Set<() => void>();
setInterval(() => {
  if (!document.hidden) for (const tick of tickers) tick();
}, 1_000);

/** The time, again every second. One clock serves the whole page. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const tick = () => setNow(Date.now());
    tickers.add(tick);
    return () => void tickers.delete(tick);
  }, []);
  return now;
}

/** How long ago, in one short word. */
export function ageOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export function Age({ at }: { at: number | string | null }) {
  const now = useNow();
  const time = typeof at === 'string' ? Date.parse(at) : at;
  if (!time) return <span class="none">–</span>;
  return (
    <time dateTime={new Date(time).toISOString()} title={fullTime(time)}>
      {ageOf(now - time)}
    </time>
  );
}

export function fullTime(time: number): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** A time to the millisecond: events of one second have an order, too. */
export function Moment({ at }: { at: string | null }) {
  if (at === null) return <span class="none">–</span>;
  const date = new Date(at);
  const time = date.toLocaleTimeString(undefined, { hour12: false });
  return (
    <time dateTime={at}>
      {date.toLocaleDateString()} {time}.{String(date.getMilliseconds()).padStart(3, '0')}
    </time>
  );
}
