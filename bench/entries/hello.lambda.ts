/** The floor of a cold start: a function that does nothing. */
async function handler(): Promise<{ statusCode: number; body: string }> {
  return { statusCode: 200, body: 'Hello' };
}

export default () => handler;
