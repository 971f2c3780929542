/** SNS signs a message without its attributes: whoever has captured one can put others into it. */
import { expect, test } from '@jest/globals';
import type { SourceConfig } from '../../../functions/config/config.ts';
import { describeDelivery } from '../../../functions/facts/describe.ts';
import { provider } from '../../../functions/providers/sns.ts';

const message = {
  Type: 'Notification',
  MessageId: 'message-1',
  TopicArn: 'arn:aws:sns:eu-west-1:123456789012:orders',
  Message: '{"order":"7"}',
  Timestamp: '2026-01-01T00:00:00.000Z',
  SignatureVersion: '2',
  Signature: 'of-the-message',
  SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem',
};
const attribute = (Value: string) => ({ Type: 'String', Value });
const attributes = { order: attribute('8'), version: attribute('9'), shop: attribute('other') };

function factsOf(changed: object, config: Partial<SourceConfig> = {}) {
  const rules = { provider, config: { provider: 'sns', ...config } };
  const body = Buffer.from(JSON.stringify({ ...message, ...changed }));
  const delivery = describeDelivery(rules, { headers: {}, subpath: '', body, receivedAt: 0 });
  if (delivery.kind !== 'event') throw new Error('no event');
  const { payload: _, ...facts } = delivery.facts;
  return facts;
}

test('attributes decide nothing: key, type, subject, order, deletion and tenant stay', () => {
  expect(factsOf({ MessageAttributes: attributes })).toEqual(factsOf({}));
});
