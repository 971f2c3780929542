import type { HandshakeContext, Provider } from '../pack/provider.ts';
import type { Answer } from '../pack/request.ts';
import { certificatesRule } from '../verification/certificates.ts';
import { allowedUrl } from '../verification/fetch-bounded.ts';
import { SNS_HOSTS, snsSignature } from '../verification/sns.ts';
import { readUnverifiedJson, textAt } from '../verification/unverified.ts';

/**
 * Confirms a subscription by calling the URL that the (verified) message gives: SNS itself, this one action, this
 * one topic. A subscription that cannot be confirmed is refused, so that SNS asks again.
 */
async function confirm({ request, actions }: HandshakeContext): Promise<Answer | undefined> {
  const message = readUnverifiedJson(request.body);
  if (!message || textAt(message, 'Type') !== 'SubscriptionConfirmation') return undefined;
  const link = textAt(message, 'SubscribeURL') ?? '';
  const url = allowedUrl(link, SNS_HOSTS, /\//);
  const confirms =
    url?.searchParams.get('Action') === 'ConfirmSubscription' &&
    url.searchParams.get('TopicArn') === textAt(message, 'TopicArn');
  if (!confirms) return { status: 403 };
  return (await actions.confirm(link, SNS_HOSTS)) ? { status: 200 } : { status: 503 };
}

/** Amazon SNS over HTTPS. Nobody but AWS can sign a sample. */
export const provider: Provider = {
  name: 'sns',
  title: 'Amazon SNS',
  documentation: [
    'https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html',
    'https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html',
  ],
  unverified: 'How old a message may be when its retries end (23 days are allowed).',
  verification: snsSignature(),
  secret: { description: 'None: messages are verified with the certificate of SNS.', development: '' },
  options: {
    topicArns: {
      description:
        'The topics that may send: ["arn:aws:sns:…"]. SNS signs for every account, so nothing else tells yours apart.',
      required: true,
      example: ['arn:aws:sns:us-east-1:111122223333:sample'],
      check: (value) =>
        Array.isArray(value) &&
        value.length > 0 &&
        value.every((arn) => /^arn:aws[a-z-]*:sns:/.test(String(arn)))
          ? undefined
          : 'write a list of topics: ["arn:aws:sns:<region>:<account>:<name>"]',
    },
    certificates: certificatesRule,
  },
  events: {
    format: 'json',
    id: 'payload.MessageId',
    type: 'payload.Type',
    // Times of one topic do not say which message of a subject is newer: set `subject` and `revision` for yours.
  },
  eventHeaders: ['x-amz-sns-message-type', 'x-amz-sns-topic-arn'],
  // Whoever has the URLs or the token can end the subscription, or begin it again.
  bodyCredentials: ['Signature', 'UnsubscribeURL', 'SubscribeURL', 'Token'],
  acknowledge: { status: 200 },
  handshakes: [{ method: 'POST', when: 'after', answer: confirm }],
  retries: {
    schedule: '50 times within an hour by default; a policy may go on for 23 days',
    timeoutSeconds: 15,
    periodSeconds: 23 * 86_400,
  },
  registration: [
    'Set options.topicArns to the ARN of your topic.',
    'aws sns subscribe --topic-arn <ARN> --protocol https --notification-endpoint {url}',
    'Inlet confirms the subscription by itself. Keep raw message delivery off: raw messages are not signed.',
    'MessageAttributes are not signed: a handler that acts on one believes whoever has captured a message.',
  ],
  samples: [],
};
