/** One structured line. Values are scalars chosen by the caller: no payload, no header, no secret. */
export type LogLine = Readonly<Record<string, string | number | boolean | undefined>>;

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

export interface Logger {
  log(level: LogLevel, line: LogLine): void;
}

/** Leaves out the lines that only say that all is well: `economy`. */
export function warningsOnly({ log }: Logger): Logger {
  return { log: (level, line) => (level === 'WARN' || level === 'ERROR' ? log(level, line) : undefined) };
}
