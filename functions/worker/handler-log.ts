import type { HandlerLog } from '../core/handler.ts';
import type { Logger, LogLevel, LogLine } from '../core/log.ts';

/** The log of one attempt. What names the event comes last, so that no field can take its place. */
export function handlerLog(logger: Logger, event: LogLine): HandlerLog {
  const at = (level: LogLevel) => (message: string, fields?: LogLine) =>
    logger.log(level, { ...fields, message, ...event });
  return { debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
}
