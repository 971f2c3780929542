/** What a progress bar needs of standard error. */
export interface Terminal {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): unknown;
}

export interface Progress {
  /** Draws the bar below the lines: so many are done. */
  show(done: number): void;
  /** Removes the bar, so that a line can be printed in its place. */
  clear(): void;
}

/** One line below the others that says how far long work is. */
export interface Status {
  /** Puts this text in the place of what stood there. */
  show(text: string): void;
  /** Removes the line, so that another one can be printed in its place. */
  clear(): void;
}

/**
 * A line on standard error where a person looks on; elsewhere nothing at all.
 * @param human whether standard output goes to the terminal too: a line between piped ones would help nobody.
 */
export function createStatus(human: boolean, terminal: Terminal = process.stderr): Status {
  if (!human || !terminal.isTTY) return { show: () => {}, clear: () => {} };
  const clear = () => void terminal.write('\r\u001b[K');
  return {
    clear,
    show(text) {
      clear();
      // A line that wraps cannot be removed again.
      terminal.write(text.slice(0, (terminal.columns || 80) - 1));
    },
  };
}

const CELLS = 24;
/** What is over sooner than it is read needs no bar. */
const LEAST = 10;

/**
 * A bar on standard error for long work, where a person looks on; elsewhere nothing at all.
 * @param human whether standard output goes to the terminal too: a bar between piped lines would help nobody.
 */
export function createProgress(
  total: number,
  human: boolean,
  terminal: Terminal = process.stderr,
  now: () => number = () => performance.now(),
): Progress {
  const status = createStatus(human && total >= LEAST, terminal);
  const started = now();
  return {
    clear: status.clear,
    show(done) {
      const full = Math.round((done / total) * CELLS);
      const bar = `${'█'.repeat(full)}${'░'.repeat(CELLS - full)}`;
      const left = done > 0 ? ((now() - started) / done) * (total - done) : undefined;
      status.show(`${bar} ${done}/${total}${left === undefined ? '' : `, ${duration(left)} left`}`);
    },
  };
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
