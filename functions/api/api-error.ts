import { InletError } from '../core/errors.ts';

/** A request that cannot be answered as asked. The message says what to do and goes to the caller. */
export class ApiError extends InletError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(`api-${status}`, message);
    this.status = status;
    this.headers = headers;
  }
}

/** For a cursor that the API has not given. */
export function wrongCursor(): ApiError {
  return new ApiError(400, 'cursor: pass the value of "cursor" from the page before, unchanged');
}
