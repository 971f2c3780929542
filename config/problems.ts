import type { z } from 'zod';
import { didYouMean } from './nearest.ts';

/** What a schema found, each as `<path>: <what to write instead>.` */
export function problemsOf(error: z.ZodError | undefined, at: readonly string[] = []): readonly string[] {
  const problems = (error?.issues ?? []).flatMap((issue) => {
    const path = [...at, ...keysOf(issue.path)];
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => problem([...path, key], unknownKey(key, issue.message)))
      : [problem(path, issue.message)];
  });
  // A list is wrong once, however many of its items are.
  return [...new Set(problems)];
}

function problem(path: readonly string[], advice: string): string {
  return `${path.length > 0 ? `${path.join('.')}: ` : ''}${advice}${advice.endsWith('.') ? '' : '.'}`;
}

/** A list is named as a whole: the path ends before an index. */
function keysOf(path: readonly PropertyKey[]): readonly string[] {
  const index = path.findIndex((key) => typeof key === 'number');
  return path.slice(0, index < 0 ? path.length : index).map(String);
}

/** @param known keys, as `strict` (`rules.ts`) lists them. */
function unknownKey(key: string, known: string): string {
  return `is not known here${didYouMean(key, known.split(', '))} Known: ${known}`;
}
