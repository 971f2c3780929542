/** `npm run docs:states` */
import { readFileSync, writeFileSync } from 'node:fs';
import { withStates } from './states-doc.ts';

const file = new URL('../docs/architecture.md', import.meta.url);
writeFileSync(file, withStates(readFileSync(file, 'utf8')));
