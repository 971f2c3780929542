/**
 * What webhooks have in common: the deflate dictionary of `compress.ts`, least likely texts first, because zlib
 * reaches the end more cheaply. FROZEN: what was written with it can be read with nothing else. A better one is
 * another version beside this one.
 */
export const DICTIONARY_1: Buffer = Buffer.from(
  [
    '","payload":{"object":{"attributes":{"data":{"customer":{"account":{"address":{"city":"country":"postal_code":"street":',
    '"first_name":"last_name":"phone":"user":{"username":"items":[{"sku":"title":"description":"quantity":1,"price":{"amount":',
    '"value":"total":"currency":"USD"},{"currency":"EUR"},"metadata":{},"message":{"channel":"email","subject":"text":',
    '"url":"https://www.","href":"https://api.","version":"1.0","revision":1,"sequence":"success":true,"enabled":false,',
    '"test":false,"live":true,"null,"reason":null,"error":null,"parent_id":null,"details":{"count":0,"size":0,"order":{"number":',
    '"payment":{"invoice":{"subscription":{"transaction":{"project":{"repository":{"sender":{"organization":{"workspace":{',
    '"action":"updated","event":"created","state":"active","status":"completed","status":"pending","accountId":"account_id":',
    '"customer_id":"user_id":"organization_id":"eventId":"event_id":"event_type":"eventType":"webhookId":"resource":{',
    '"type":"object":"name":"key":"label":"kind":"event","email":"@gmail.com","@example.com","createdAt":"created_at":',
    '"updatedAt":"updated_at":"updatedOn":"2026-01-01T00:00:00.000Z","timestamp":"2027-01-01T00:00:00Z","created":17,"date":',
    '"time":17,"id":"{"version":1,"kind":"event","batch":"receivedAt":18,"receivedAt":17,"subpath":"/event","headers":{',
    '"accept":"*/*","accept":"application/json","accept-encoding":"gzip, deflate, br","gzip,deflate",',
    '"connection":"keep-alive","cache-control":"no-cache","content-type":"application/x-www-form-urlencoded",',
    '"content-type":"application/json; charset=utf-8","content-type":"application/json","content-length":"1",',
    '"content-length":"2","host":".execute-api.eu-west-1.amazonaws.com","host":".execute-api.us-east-1.amazonaws.com",',
    '"user-agent":"Mozilla/5.0 (compatible; Webhooks/1.0; +https://","x-amzn-trace-id":"Root=1-6","x-forwarded-for":"1',
    '","x-forwarded-port":"443","x-forwarded-proto":"https","x-request-id":"x-webhook-id":"x-event-key":"x-timestamp":"17',
    '"},"subpath":""}\n{"id":"',
  ].join(''),
);
