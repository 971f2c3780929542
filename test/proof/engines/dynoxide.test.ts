import { dynoxide } from './programs.ts';
import { suites } from './suites.ts';
import { runOn } from './tables.ts';

await runOn(dynoxide, suites);
