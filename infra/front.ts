/** What may stand in front of ingest in place of the gateway's own host name. */
import { Fn, Stack } from 'aws-cdk-lib';
import { ApiMapping, DomainName, type HttpApi, type HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  type CfnDistribution,
  Distribution,
  OriginRequestPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { type CfnFunction, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { IngressConfig } from '../functions/config/config.ts';
import { Env, FRONT_HEADER } from '../functions/core/names.ts';
import { createFirewall, type Rules } from './firewall.ts';
import type { InletFunction } from './lambda-function.ts';
import { addOutput, keepId, type Place } from './place.ts';
import { requireRegion, WITHOUT_FUNCTION_URL } from './regions.ts';

/** Ingest's own URL, open to everybody as the gateway's is: what proves a request is its signature. */
export function functionUrl(ingest: InletFunction, stage: Place): string {
  requireRegion(ingest, {
    id: 'FunctionUrlRegion',
    regions: { not: WITHOUT_FUNCTION_URL },
    why: 'ingress.via: Lambda has no function URLs there',
    cure: 'Remove it: webhooks then come through the gateway.',
  });
  const own = ingest.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  // Another logical id of either would be another host name, and every registered URL would be dead. These are the ones
  // that CDK derived at first: a nicer one would do that now.
  keepId(ingest, stage, 'IngressIngest7B7ABFD5');
  keepId(own, stage, 'IngressIngestFunctionUrl93237EC9');
  // `https://<id>.lambda-url.<region>.on.aws/`
  return Fn.join('', ['https://', Fn.select(2, Fn.split('/', own.url))]);
}

/** What the host name leads to, and what is behind that. */
export interface Behind {
  readonly stage: Place;
  readonly api: HttpApi;
  /** The stage of the API that a mapping leads to. */
  readonly deployed: HttpStage;
  readonly ingest: InletFunction;
}

/** The distribution, and what its firewall's metrics are called. */
export interface Front extends Pick<Rules, 'acl' | 'refusing'> {
  readonly distribution: Distribution;
}

/**
 * The configured host name in front of the gateway.
 * @returns undefined when there is none; `front` where it leads to CloudFront.
 */
export function openDomain(
  scope: Construct,
  { stage, api, deployed, ingest }: Behind,
  ingress: IngressConfig = {},
): { readonly origin: string; readonly front?: Front } | undefined {
  const { domain, firewall } = ingress;
  if (!domain) return undefined;
  const certificate = Certificate.fromCertificateArn(scope, 'Certificate', domain.certificateArn);
  const front = firewall && openFront(scope, { stage, api }, domain.name, certificate, firewall);
  if (front) onlyThrough(front, ingest);
  const target =
    front?.distribution.distributionDomainName ??
    gatewayDomain(scope, api, deployed, domain.name, certificate);
  addOutput(stage, 'DomainTarget', target, `Point ${domain.name} here (CNAME, or an alias record).`);
  return { origin: `https://${domain.name}`, ...(front && { front }) };
}

type AcmCertificate = ReturnType<typeof Certificate.fromCertificateArn>;

function gatewayDomain(
  scope: Construct,
  api: HttpApi,
  deployed: HttpStage,
  domainName: string,
  certificate: AcmCertificate,
): string {
  const domain = new DomainName(scope, 'Domain', { domainName, certificate });
  new ApiMapping(scope, 'DomainMapping', {
    api,
    domainName: domain,
    stage: deployed,
  });
  return domain.regionalDomainName;
}

interface OpenedFront extends Front {
  /** What ingest takes for a proof: what the distribution says, and what it will say after the next rotation. */
  readonly secrets: readonly string[];
}

function openFront(
  scope: Construct,
  { stage, api }: Pick<Behind, 'stage' | 'api'>,
  domainName: string,
  certificate: AcmCertificate,
  firewall: NonNullable<IngressConfig['firewall']>,
): OpenedFront {
  requireFirewallRegion(scope);
  const { region, urlSuffix } = Stack.of(scope);
  const { arn, acl, refusing } = createFirewall(scope, firewall, stage.title);
  const { secret: number = 1 } = firewall;
  const said = frontSecret(scope, number);
  const distribution = new Distribution(scope, 'Front', {
    comment: stage.title,
    domainNames: [domainName],
    certificate,
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    // The ranges are IPv4: whoever came by IPv6 would be refused, the provider itself included.
    enableIpv6: Object.keys(firewall.addresses ?? {}).length === 0,
    webAclId: arn,
    defaultBehavior: {
      origin: new HttpOrigin(`${api.apiId}.execute-api.${region}.${urlSuffix}`, {
        // In place of whatever the sender says in it.
        customHeaders: { [FRONT_HEADER]: said },
      }),
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // All headers but `Host`, by which the gateway finds the API: signatures may cover any of the others.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    },
  });
  return { distribution, acl, refusing, secrets: [said, frontSecret(scope, number + 1)] };
}

/** A generated secret, as a reference that CloudFormation fills in: the template does not hold it. */
function frontSecret(scope: Construct, number: number): string {
  const secret = new Secret(scope, `FrontSecret${number}`, {
    description: `Inlet: tells ingest that a request came through CloudFront (number ${number}).`,
    generateSecretString: { passwordLength: 48, excludePunctuation: true },
  });
  return secret.secretValue.unsafeUnwrap();
}

/**
 * Lets ingest refuse what comes beside the distribution. It learns of it after the distribution, which is not ready
 * before every edge says the secret: the other way round it would refuse webhooks for minutes.
 */
function onlyThrough({ distribution, secrets }: OpenedFront, ingest: InletFunction): void {
  ingest.addEnvironment(Env.frontSecrets, secrets.join(','));
  (ingest.node.defaultChild as CfnFunction).addResourceDependency(
    distribution.node.defaultChild as CfnDistribution,
  );
}

/** WAF has its rules for CloudFront in us-east-1 only. */
function requireFirewallRegion(scope: Construct): void {
  requireRegion(scope, {
    id: 'FirewallRegion',
    regions: { only: 'us-east-1' },
    why: 'ingress.firewall: WAF takes rules for CloudFront in us-east-1 only',
    cure: 'Deploy it to us-east-1, or remove the firewall.',
  });
}
