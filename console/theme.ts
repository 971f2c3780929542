/** Light, dark, or as the system says. */
export type Theme = 'auto' | 'light' | 'dark';

const KEY = 'inlet-theme';

export function currentTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'auto';
}

export function setTheme(theme: Theme): void {
  if (theme === 'auto') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  applyTheme();
  dispatchEvent(new Event('inlet-theme'));
}

export function applyTheme(): void {
  const theme = currentTheme();
  if (theme === 'auto') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.dataset.theme = theme;
}

/** The present colour of a custom property, for canvases: CSS alone cannot reach into them. */
export function colourOf(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Calls back whenever colours may have changed. */
export function onThemeChange(callback: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', callback);
  addEventListener('inlet-theme', callback);
  return () => {
    media.removeEventListener('change', callback);
    removeEventListener('inlet-theme', callback);
  };
}
