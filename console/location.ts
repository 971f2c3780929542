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

/** A click on one of these is meant for it, and not for the row around it. */
const OWN_PURPOSE = 'a, button, input, select, label, summary, .choose';

/**
 * Lets clicks on links inside the console change the page without loading it again, and clicks on a row with
 * `data-href` open what its link opens. The row itself is nothing to focus: the keyboard and screen readers have the
 * link. Listens to `click` and, for the middle button, to `auxclick`.
 */
export function followClicks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button > 1 || event.shiftKey || event.altKey) return;
  const target = event.target as Element | null;
  const link = target?.closest('a');
  const to = link ? insideConsole(link) : rowTarget(target);
  if (!to) return;
  event.preventDefault();
  // A tab that the browser opens by itself gets none of this tab's storage, and would ask for the token.
  if (event.button === 1 || event.ctrlKey || event.metaKey) open(to, '_blank');
  else navigate(to);
}

function insideConsole(link: HTMLAnchorElement): string | undefined {
  if (link.target || link.hash || link.origin !== location.origin) return undefined;
  if (!/^\/console(\/|$)/.test(link.pathname) || link.pathname.includes('.')) return undefined;
  return link.pathname + link.search;
}

function rowTarget(target: Element | null): string | undefined {
  // The click that ends a selection is not meant to lose it.
  if (getSelection()?.isCollapsed === false || target?.closest(OWN_PURPOSE)) return undefined;
  return target?.closest('[data-href]')?.getAttribute('data-href') ?? undefined;
}
