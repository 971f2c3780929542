/** Every planted bug. `docs/proof.md` says what they are for. */
import type { Bug } from './bug.ts';
import { api } from './bugs/api.ts';
import { core } from './bugs/core.ts';
import { coverage } from './bugs/coverage.ts';
import { entryGate } from './bugs/entry-gate.ts';
import { failures } from './bugs/failures.ts';
import { gate } from './bugs/gate.ts';
import { ledger } from './bugs/ledger.ts';
import { place } from './bugs/place.ts';
import { split } from './bugs/split.ts';
import { worker } from './bugs/worker.ts';

export const bugs: readonly Bug[] = [
  ...core,
  ...gate,
  ...entryGate,
  ...ledger,
  ...worker,
  ...failures,
  ...split,
  ...place,
  ...api,
  ...coverage,
];
