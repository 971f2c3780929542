/** What a function's process writes behind the lines of an invocation, with its number: they have all been read then. */
export const END_OF_LINES = '\u0000invocation ';
