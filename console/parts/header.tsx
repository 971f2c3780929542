import { useEffect, useState } from 'preact/hooks';
import type { Me } from '../../functions/console/types.ts';
import { type FeedState, listen } from '../feed.ts';
import { href } from '../location.ts';
import { currentTheme, setTheme, type Theme } from '../theme.ts';

const PAGES: readonly (readonly [string, string])[] = [
  ['events', 'Events'],
  // biome-ignore lint/plugin: the name of a page.
  ['dead', 'Dead letters'],
  ['audit', 'Audit'],
  ['sources', 'Sources'],
  ['send', 'Send'],
];

const FEED_TEXT: Readonly<Record<FeedState, string>> = {
  live: 'Live',
  paused: 'Paused',
  reconnecting: 'Reconnecting…',
};

const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'dark', dark: 'light', light: 'auto' };

export function Header({ page, me }: { page: string; me: Me }) {
  return (
    <header class="top">
      <a class="brand" href={href('events')} aria-label="Inlet, to the events">
        <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
          <path d="M4 17h6l2 5h8l2-5h6v7a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3z" fill="currentColor" />
          <path
            d="M16 3v11m-5-5 5 5 5-5"
            fill="none"
            stroke="currentColor"
            stroke-width="3"
            stroke-linecap="round"
          />
        </svg>
        Inlet
      </a>
      <nav aria-label="Pages">
        {PAGES.filter(([name]) => name !== 'send' || me.produce).map(([name, title]) => (
          <a key={name} href={href(name)} aria-current={name === page ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <FeedLight />
      <ThemeButton />
    </header>
  );
}

function FeedLight() {
  const [state, setState] = useState<FeedState>('reconnecting');
  useEffect(() => listen({ onState: setState }), []);
  return (
    <span class={`feed ${state}`} role="status">
      {FEED_TEXT[state]}
    </span>
  );
}

function ThemeButton() {
  const [theme, set] = useState(currentTheme);
  const change = () => {
    setTheme(NEXT[theme]);
    set(NEXT[theme]);
  };
  return (
    <button
      type="button"
      class="quiet"
      onClick={change}
      aria-label={`Colours: ${theme}. Change to ${NEXT[theme]}`}
    >
      {theme === 'auto' ? 'Auto' : theme === 'dark' ? 'Dark' : 'Light'}
    </button>
  );
}
