/** Every provider pack, by name. A deployed bundle holds only the ones that its configuration uses. */
import { provider as chargify } from './chargify.ts';
import { provider as dotdigital } from './dotdigital.ts';
import { provider as enterpriseCommunications } from './enterprise-communications.ts';
import { provider as fortellis } from './fortellis.ts';
import type { Provider } from './provider.ts';
import { provider as tasks } from './tasks.ts';

const packs: readonly Provider[] = [chargify, dotdigital, enterpriseCommunications, fortellis, tasks];

/** Looked up by own properties only. */
export const providers: Readonly<Record<string, Provider>> = Object.fromEntries(
  packs.map((pack) => [pack.name, pack]),
);
