import type { Me } from '../functions/console/types.ts';

export interface PageProps {
  readonly me: Me;
  readonly query: URLSearchParams;
}
