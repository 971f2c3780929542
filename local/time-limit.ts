/**
 * Waits for `work`, but not longer than so many milliseconds. Work that comes too late goes on unseen: unlike
 * Lambda, one process cannot end a function that is still running.
 * @throws what the work throws in time.
 */
export async function before<Value>(
  limitMs: number,
  work: Promise<Value>,
): Promise<{ readonly value: Value } | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(resolve, limitMs, 'timeout');
  });
  try {
    return await Promise.race([work.then((value) => ({ value })), limit]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
