import { readFileSync } from 'node:fs';

const CHECK_MS = 500;

/**
 * Calls `onOrphaned` when npm, which started this process, is gone. npm passes signals on, but not its own
 * `kill -9`: the server would stay behind and keep the port.
 */
export function watchNpm(onOrphaned: () => void): void {
  const parent = process.ppid;
  const npm = isShell(parent) ? parentOf(parent) : undefined;
  const timer = setInterval(() => {
    const orphaned = process.ppid !== parent || (npm !== undefined && parentOf(parent) !== npm);
    if (!orphaned) return;
    clearInterval(timer);
    onOrphaned();
  }, CHECK_MS);
  timer.unref();
}

/** npm starts a script through `sh`. Some replace themselves by the script, others wait for it in between. */
function isShell(pid: number): boolean {
  return readProcess(pid, 'comm')?.trim() === 'sh';
}

/** Fields of `stat`: id, name in parentheses, state, parent. The name may hold anything but is the last in `)`. */
function parentOf(pid: number): number | undefined {
  const stat = readProcess(pid, 'stat');
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Undefined where there is no `/proc`; there, the shells that npm uses replace themselves. */
function readProcess(pid: number, file: 'comm' | 'stat'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
