import { PersistenceManager } from '../node_modules/fauxqs/dist/persistence.js';
import type { SqsQueue } from '../node_modules/fauxqs/dist/sqs/sqsStore.js';

/**
 * The SQLite file behind fauxqs. Imported past the package's entry point, which offers the storage only
 * together with a server on every network interface; this one may listen on the loopback interface alone.
 */
export class MessageStorage extends PersistenceManager {
  #receiving = false;

  /**
   * While receiving, fauxqs deletes a message only to insert it into the dead-letter queue next. The insertion
   * replaces the row anyway; without the deletion no crash between the two can lose the message.
   */
  override deleteMessage(messageId: string): void {
    if (!this.#receiving) super.deleteMessage(messageId);
  }

  /** Makes receiving from this queue safe against a crash at any point. */
  guard(queue: SqsQueue): void {
    const dequeue = queue.dequeue.bind(queue);
    queue.dequeue = (...query) => {
      this.#receiving = true;
      try {
        return dequeue(...query);
      } finally {
        this.#receiving = false;
      }
    };
  }
}

/** The shortest visibility that fauxqs 2.4 keeps: one millisecond. */
const AT_ONCE = 0.001;

/**
 * Gives a message back with visibility 0 by letting it run out a millisecond later. For 0 itself fauxqs 2.4
 * writes a null into a column that refuses it, and the message is out of reach until the next start.
 */
export function allowVisibilityZero(queue: SqsQueue): void {
  const changeVisibility = queue.changeVisibility.bind(queue);
  queue.changeVisibility = (receiptHandle, seconds) =>
    changeVisibility(receiptHandle, Math.max(seconds, AT_ONCE));
}
