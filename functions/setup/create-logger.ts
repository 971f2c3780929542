import type { Logger } from '../core/log.ts';

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
