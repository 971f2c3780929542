/**
 * One request for every handshake that a pack declares, as the provider's documentation prints it. `after` ones are
 * signed by the test.
 */
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import { URL_OF_SAMPLES } from './sample-request.ts';

export interface HandshakeRequest {
  readonly method: 'GET' | 'HEAD' | 'OPTIONS' | 'POST';
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Options of the source, besides the required ones. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly answer: {
    readonly status: number;
    readonly body?: string | RegExp;
    readonly headers?: Record<string, string>;
  };
}

const json = { 'content-type': 'application/json' };
const validationEvent = [
  {
    id: 'a',
    topic: '',
    data: { validationCode: '512d38b6' },
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
  },
];
const eventGridValidation: HandshakeRequest = {
  method: 'POST',
  headers: { ...json, 'aeg-event-type': 'SubscriptionValidation' },
  body: JSON.stringify(validationEvent),
  answer: { status: 200, body: '{"validationResponse":"512d38b6"}' },
};
const webhookOptions: HandshakeRequest = {
  method: 'OPTIONS',
  headers: { 'webhook-request-origin': 'eventemitter.example.com', 'webhook-request-rate': '120' },
  answer: {
    status: 200,
    headers: { 'webhook-allowed-origin': 'eventemitter.example.com', 'webhook-allowed-rate': '*' },
  },
};

export const handshakeRequests: Readonly<Record<string, readonly HandshakeRequest[]>> = {
  asana: [
    {
      method: 'POST',
      headers: { 'x-hook-secret': 'b537207f20cbfa02357cf448134da559' },
      answer: { status: 200, headers: { 'x-hook-secret': 'b537207f20cbfa02357cf448134da559' } },
    },
  ],
  'azure-event-grid': [
    eventGridValidation,
    { ...eventGridValidation, options: { header: 'x-delivery-secret' } },
    webhookOptions,
  ],
  braintree: [
    {
      method: 'GET',
      query: 'bt_challenge=20f9f8ed05f77439fe955c977e4c8a53',
      answer: { status: 200, body: /^.+\|[0-9a-f]{40}$/ },
    },
  ],
  cloudevents: [webhookOptions],
  discord: [{ method: 'POST', headers: json, body: '{"type":0}', answer: { status: 204 } }],
  dropbox: [{ method: 'GET', query: 'challenge=abc123', answer: { status: 200, body: 'abc123' } }],
  intercom: [
    {
      method: 'POST',
      headers: json,
      body: '{"type":"notification_event","topic":"ping"}',
      answer: { status: 200 },
    },
  ],
  mandrill: [
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'mandrill_events=%5B%5D',
      answer: { status: 200 },
    },
  ],
  meta: [
    {
      method: 'GET',
      query: 'hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meatyhamhock',
      options: { verifyToken: 'meatyhamhock' },
      answer: { status: 200, body: '1158201444' },
    },
  ],
  'microsoft-graph': [
    {
      method: 'POST',
      query: 'validationToken=Validation%3A%20a%20test+one',
      answer: { status: 200, body: 'Validation: a test one' },
    },
  ],
  notion: [
    {
      method: 'POST',
      headers: json,
      body: '{"verification_token":"secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"}',
      answer: { status: 200 },
    },
  ],
  okta: [
    {
      method: 'GET',
      headers: { 'x-okta-verification-challenge': 'my verification challenge' },
      answer: { status: 200, body: '{"verification":"my verification challenge"}' },
    },
  ],
  slack: [
    {
      method: 'POST',
      headers: json,
      body: '{"type":"url_verification","challenge":"3eZbrw1aB"}',
      answer: { status: 200, body: '3eZbrw1aB' },
    },
  ],
  trello: [{ method: 'HEAD', answer: { status: 200 } }],
  twitch: [
    {
      method: 'POST',
      headers: { ...json, 'twitch-eventsub-message-type': 'webhook_callback_verification' },
      body: '{"challenge":"pogchamp-kappa-360noscope","subscription":{}}',
      answer: { status: 200, body: 'pogchamp-kappa-360noscope' },
    },
  ],
  woocommerce: [
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'webhook_id=12',
      answer: { status: 200 },
    },
  ],
  x: [
    {
      method: 'GET',
      query: 'crc_token=uzwcfYtzr9',
      answer: { status: 200, body: /^\{"response_token":"sha256=[A-Za-z0-9+/]{43}="\}$/ },
    },
  ],
  zoom: [
    {
      method: 'POST',
      headers: json,
      body: '{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event_ts":1654503849680}',
      answer: { status: 200, body: /"encryptedToken":"[0-9a-f]{64}"/ },
    },
  ],
};

/** Packs whose handshake only the provider itself can send; their own tests hold recorded ones. */
export const onlyTheProvider = ['sns'];

export function handshakePart({
  method,
  query,
  headers = {},
  body = '',
}: HandshakeRequest): Partial<WebhookRequest> {
  return {
    method,
    url: query ? `${URL_OF_SAMPLES}?${query}` : URL_OF_SAMPLES,
    headers,
    body: Buffer.from(body),
  };
}
