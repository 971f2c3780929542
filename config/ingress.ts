/** What is wrong with `ingress` in a configuration, each with what to write instead. */
import type { IngressConfig } from '../functions/config/config.ts';

type Unchecked = Readonly<Record<string, unknown>>;

const KEYS: readonly (keyof IngressConfig)[] = [
  'via',
  'domain',
  'defaultEndpoint',
  'firewall',
  'requestsPerSecond',
  'concurrency',
];

/** @param sources of the same configuration, checked or not. */
export function ingressProblems(ingress: Unchecked, sources: unknown): readonly string[] {
  const { via = 'http-api', domain, defaultEndpoint, firewall, requestsPerSecond, concurrency } = ingress;
  const problems: string[] = [];
  const say = (at: string, advice: string) => problems.push(`ingress${at}: ${advice}`);

  for (const key of Object.keys(ingress))
    if (!(KEYS as readonly string[]).includes(key))
      say(`.${key}`, `is not known here. Known: ${KEYS.join(', ')}.`);
  if (via !== 'http-api' && via !== 'function-url') say('.via', 'write "http-api" or "function-url".');
  if (via === 'function-url')
    for (const key of ['domain', 'firewall', 'requestsPerSecond'])
      if (ingress[key] !== undefined)
        say(
          `.${key}`,
          'a function URL has none. Remove it, or write via: "http-api"; limit it by concurrency.',
        );
  if (domain !== undefined) problems.push(...domainProblems(domain, firewall !== undefined));
  if (defaultEndpoint !== undefined) {
    if (typeof defaultEndpoint !== 'boolean') say('.defaultEndpoint', 'write true or false.');
    else if (firewall !== undefined)
      say('.defaultEndpoint', 'CloudFront calls it, and ingest refuses webhooks beside it. Remove this key.');
    else if (domain === undefined)
      say('.defaultEndpoint', 'without a domain it is always open. Remove this key.');
  }
  if (firewall !== undefined) {
    if (domain === undefined)
      say(
        '.domain',
        'a firewall needs it: providers call CloudFront, and the URL that some of them sign must be known.',
      );
    problems.push(...firewallProblems(firewall, sources));
  }
  if (requestsPerSecond !== undefined && !isCount(requestsPerSecond, 10_000))
    say('.requestsPerSecond', 'write a whole number from 1 to 10000, the quota of an account.');
  if (concurrency !== undefined && !isCount(concurrency, 10_000))
    say('.concurrency', 'write a whole number from 1 to 10000; 100 of the account must be left unreserved.');
  return problems;
}

function domainProblems(domain: unknown, isFirewalled: boolean): readonly string[] {
  const { name, certificateArn } = (domain ?? {}) as Unchecked;
  const problems: string[] = [];
  if (typeof name !== 'string' || !/^(?:[a-z0-9-]+\.)+[a-z]{2,}$/.test(name))
    problems.push('ingress.domain.name: write a host name such as "hooks.example.com".');
  const region = /^arn:aws[\w-]*:acm:([\w-]+):\d{12}:certificate\/[\w-]+$/.exec(String(certificateArn))?.[1];
  if (region === undefined)
    problems.push('ingress.domain.certificateArn: write the ARN of a certificate in ACM, "arn:aws:acm:…".');
  else if (isFirewalled && region !== 'us-east-1')
    problems.push('ingress.domain.certificateArn: CloudFront takes certificates of us-east-1 only.');
  return problems;
}

function firewallProblems(firewall: unknown, sources: unknown): readonly string[] {
  if (typeof firewall !== 'object' || firewall === null)
    return ['ingress.firewall: write an object; {} is enough.'];
  const { requestsPerAddress, addresses = {}, secret } = firewall as Unchecked;
  const problems: string[] = [];
  // WAF's own limits: https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html
  if (
    requestsPerAddress !== undefined &&
    !(isCount(requestsPerAddress, 2_000_000_000) && Number(requestsPerAddress) >= 10)
  )
    problems.push('ingress.firewall.requestsPerAddress: write a whole number from 10.');
  if (secret !== undefined && !isCount(secret, 1_000_000))
    problems.push('ingress.firewall.secret: write a whole number from 1, one more than before to rotate it.');
  for (const [source, ranges] of Object.entries(addresses as Unchecked)) {
    if (typeof sources !== 'object' || sources === null || !Object.hasOwn(sources, source))
      problems.push(`ingress.firewall.addresses.${source}: is no source.`);
    const isCidr = (range: unknown) =>
      typeof range === 'string' && /^\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}$/.test(range);
    if (!Array.isArray(ranges) || ranges.length === 0 || !ranges.every(isCidr))
      problems.push(`ingress.firewall.addresses.${source}: write IPv4 ranges such as ["192.0.2.0/24"].`);
  }
  return problems;
}

function isCount(value: unknown, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;
}
