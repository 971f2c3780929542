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

/**
 * Writes JSON lines. Straight to stdout, because Lambda's JSON log format would wrap what `console.log` writes
 * into a string field (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html).
 */
export function createLogger(
  name: string,
  write: (line: string) => void = (line) => void process.stdout.write(line),
  now: () => number = Date.now,
): Logger {
  return {
    log(level, line) {
      const timestamp = new Date(now()).toISOString();
      write(`${JSON.stringify({ timestamp, level, function: name, ...line })}\n`);
    },
  };
}
