import { z } from 'zod';

/** What the receiver needs of a Dotdigital message event. */
export const messageEventSchema = z.looseObject({
  eventId: z.string(),
  apiSpaceId: z.string(),
  name: z.string(),
  payload: z.looseObject({ id: z.string() }),
  revision: z.number(),
});

export type MessageEvent = z.infer<typeof messageEventSchema>;
