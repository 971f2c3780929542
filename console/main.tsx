import { render } from 'preact';
import { App } from './app.tsx';
import { takeTokenFromLink } from './session.ts';
import { applyTheme } from './theme.ts';

applyTheme();
takeTokenFromLink();
const root = document.getElementById('app');
if (root) render(<App />, root);
