/**
 * Keeps the page live: asks the server again and again what has changed. It survives a restart of the server, a
 * sleeping laptop and a lost network, because a question carries all that the answer needs.
 */

import type { EventSummary } from '../functions/api/types.ts';
import type { FeedPage } from '../functions/console/types.ts';
import { get } from './api.ts';

export type FeedState = 'live' | 'paused' | 'reconnecting';

export interface FeedListener {
  /** Events that arrived or changed. */
  onEvents?(events: readonly EventSummary[]): void;
  /** Too much has happened: read everything again. */
  onMissed?(): void;
  onState?(state: FeedState): void;
  /** Events to look at although they are old: `<source>/<id>`, percent-encoded. */
  watch?(): readonly string[];
}

const MAX_WATCHED = 60;
const RETRY_MS = [500, 1_000, 2_000, 4_000];
/** A header block may have 10 KB; ids can be long. */
const MAX_WATCH_LENGTH = 6_000;

const listeners = new Set<FeedListener>();
let cursor = '';
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
let interval = 1_000;
let running = false;
let asking = false;
let state: FeedState = 'reconnecting';

export function listen(listener: FeedListener): () => void {
  listeners.add(listener);
  listener.onState?.(state);
  return () => void listeners.delete(listener);
}

export function startFeed(pollMs: number): void {
  interval = pollMs;
  if (running) return;
  running = true;
  document.addEventListener('visibilitychange', wake);
  addEventListener('online', wake);
  wake();
}

export function stopFeed(): void {
  running = false;
  clearTimeout(timer);
}

/** Asks at once: somebody came back to the page, or has just changed something. */
export function wake(): void {
  clearTimeout(timer);
  if (!running) return;
  if (document.hidden) setState('paused');
  else if (!asking) void ask();
}

async function ask(): Promise<void> {
  asking = true;
  try {
    const page = await get<FeedPage>(`/api/feed?${new URLSearchParams({ cursor, watch: watched() })}`);
    cursor = page.cursor;
    failures = 0;
    setState('live');
    for (const listener of listeners) {
      if (page.missed) listener.onMissed?.();
      if (page.events.length > 0) listener.onEvents?.(page.events);
    }
  } catch {
    failures += 1;
    // One lost answer is not worth a word.
    if (failures > 1) setState('reconnecting');
  } finally {
    asking = false;
  }
  if (!running || document.hidden) return;
  const pause = failures === 0 ? interval : (RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] ?? interval);
  timer = setTimeout(wake, pause);
}

function watched(): string {
  const ids = [...new Set([...listeners].flatMap((listener) => listener.watch?.() ?? []))];
  let text = '';
  for (const id of ids.slice(0, MAX_WATCHED)) {
    if (text.length + id.length > MAX_WATCH_LENGTH) break;
    text += `${text ? ',' : ''}${id}`;
  }
  return text;
}

function setState(next: FeedState): void {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener.onState?.(state);
}

/** An event as `watch` names it. */
export function watchId({ source, id }: { source: string; id: string }): string {
  return `${encodeURIComponent(source)}/${encodeURIComponent(id)}`;
}
