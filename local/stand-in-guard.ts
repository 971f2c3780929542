import type { IncomingHttpHeaders } from 'node:http';

/** Names by which a program on this machine calls the stand-ins. */
const OWN_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];

/** `Credential=<access key id>/<day>/<region>/<service>/aws4_request` (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html). */
const CREDENTIAL = /\bCredential=([^/,\s]+)\/\d{8}\/[^/]+\/([a-z0-9]+)\/aws4_request/;

/**
 * Why a stand-in refuses a request; undefined: it takes it. The stand-ins check no signature and allow every origin, so
 * a page in the browser of whoever works here could read the archive and put messages on the queue.
 * @param services of AWS that this stand-in plays, as a signature names them.
 * @param key access key id that the request has to be signed with, whatever its signature; undefined: any.
 */
export function refusalOf(
  headers: IncomingHttpHeaders,
  services: readonly string[],
  key?: string,
): string | undefined {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  // A page whose name was made to point here is of its own origin, and gives itself away by that name.
  if (!OWN_HOSTS.includes(host)) return 'this host name is not of this machine';
  // Browsers send these with whatever a page asks for; SDKs and command lines never do.
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
    return 'web pages have no access';
  const [, id, service = ''] = CREDENTIAL.exec(headers.authorization ?? '') ?? [];
  if (!services.includes(service)) return `it plays ${services.join(' and ')}, signed`;
  if (key !== undefined && id !== key) return 'it takes the access key of the server that it belongs to';
  return undefined;
}
