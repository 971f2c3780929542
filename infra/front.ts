/** What may stand in front of ingest in place of the gateway's own host name. */
import { CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { ApiMapping, DomainName, type HttpApi, type HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  OriginRequestPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { type CfnFunction, type CfnUrl, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { IngressConfig } from '../functions/shared/config.ts';
import { createFirewall } from './firewall.ts';
import type { InletFunction } from './lambda-function.ts';
import { requireRegion, WITHOUT_FUNCTION_URL } from './regions.ts';

/** Ingest's own URL, open to everybody as the gateway's is: what proves a request is its signature. */
export function functionUrl(ingest: InletFunction): string {
  requireRegion(ingest, {
    id: 'FunctionUrlRegion',
    regions: { not: WITHOUT_FUNCTION_URL },
    why: 'ingress.via: Lambda has no function URLs there',
    cure: 'Remove it: webhooks then come through the gateway.',
  });
  const own = ingest.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  // Another logical id of either would be another host name, and every registered URL would be dead. These are the ones
  // that CDK derived at first: a nicer one would do that now.
  (ingest.node.defaultChild as CfnFunction).overrideLogicalId('IngressIngest7B7ABFD5');
  (own.node.defaultChild as CfnUrl).overrideLogicalId('IngressIngestFunctionUrl93237EC9');
  // `https://<id>.lambda-url.<region>.on.aws/`
  return Fn.join('', ['https://', Fn.select(2, Fn.split('/', own.url))]);
}

/** The configured host name in front of the gateway, or undefined when there is none. */
export function openDomain(scope: Construct, api: HttpApi, ingress: IngressConfig = {}): string | undefined {
  const { domain, firewall } = ingress;
  if (!domain) return undefined;
  const certificate = Certificate.fromCertificateArn(scope, 'Certificate', domain.certificateArn);
  const target = firewall
    ? distribution(scope, api, domain.name, certificate, firewall)
    : gatewayDomain(scope, api, domain.name, certificate);
  new CfnOutput(Stack.of(scope), 'DomainTarget', {
    value: target,
    description: `Point ${domain.name} here (CNAME, or an alias record).`,
  });
  return `https://${domain.name}`;
}

type AcmCertificate = ReturnType<typeof Certificate.fromCertificateArn>;

function gatewayDomain(
  scope: Construct,
  api: HttpApi,
  domainName: string,
  certificate: AcmCertificate,
): string {
  const domain = new DomainName(scope, 'Domain', { domainName, certificate });
  new ApiMapping(scope, 'DomainMapping', {
    api,
    domainName: domain,
    stage: scope.node.findChild('Stage') as HttpStage,
  });
  return domain.regionalDomainName;
}

function distribution(
  scope: Construct,
  api: HttpApi,
  domainName: string,
  certificate: AcmCertificate,
  firewall: NonNullable<IngressConfig['firewall']>,
): string {
  requireFirewallRegion(scope);
  const { region, urlSuffix } = Stack.of(scope);
  const front = new Distribution(scope, 'Front', {
    comment: Stack.of(scope).stackName,
    domainNames: [domainName],
    certificate,
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    // The ranges are IPv4: whoever came by IPv6 would be refused, the provider itself included.
    enableIpv6: Object.keys(firewall.addresses ?? {}).length === 0,
    webAclId: createFirewall(scope, firewall).attrArn,
    defaultBehavior: {
      origin: new HttpOrigin(`${api.apiId}.execute-api.${region}.${urlSuffix}`),
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // All headers but `Host`, by which the gateway finds the API: signatures may cover any of the others.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    },
  });
  return front.distributionDomainName;
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
