import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Setup } from '../setup/setup.ts';
import { recordDeadLetters } from './dead-letters.ts';
import { createParts } from './parts.ts';

/** Builds the function behind the dead-letter queue. It runs no handler. */
export function composeDeadLetters(setup: Setup): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const parts = createParts(setup);
  return (event) => recordDeadLetters(parts, event);
}
