import { useEffect, useState } from 'preact/hooks';

/** The page and what it shows, as the URL says: it can be bookmarked and sent to a colleague. */
export interface Place {
  /** `events`, `event`, `subject`, `dead`, `audit`, `sources`, `send`. */
  readonly page: string;
  readonly query: URLSearchParams;
}

const listeners = new Set<() => void>();
addEventListener('popstate', announce);

function announce(): void {
  for (const listener of listeners) listener();
}

function currentPlace(): Place {
  const page = location.pathname.replace(/^\/console\/?/, '') || 'events';
  return { page, query: new URLSearchParams(location.search) };
}

/** Ids are in the query, not in the path: a browser would resolve an id such as `..`. */
export function href(page: string, query: Readonly<Record<string, string | null | undefined>> = {}): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const search = new URLSearchParams(given).toString();
  return `/console${page === 'events' ? '' : `/${page}`}${search ? `?${search}` : ''}`;
}

/** @param replace true while somebody types, so that Back does not go letter by letter. */
export function navigate(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', to);
  else {
    history.pushState(null, '', to);
    scrollTo(0, 0);
  }
  announce();
}

export function usePlace(): Place {
  const [place, setPlace] = useState(currentPlace);
  useEffect(() => {
    const update = () => setPlace(currentPlace());
    listeners.add(update);
    update();
    return () => void listeners.delete(update);
  }, []);
  return place;
}

/** Lets plain clicks on links inside the console change the page without loading it again. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest('a');
  if (!link || link.target || link.hash || link.origin !== location.origin) return;
  if (!/^\/console(\/|$)/.test(link.pathname) || link.pathname.includes('.')) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
}
