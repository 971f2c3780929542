import type { InletConfig } from '../../../functions/config/config.ts';

interface KeptStack {
  readonly stage: string;
  readonly ingress?: InletConfig['ingress'];
}

const domain = {
  name: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
};

/** The stacks whose templates are kept, beside the common configuration. Like that, they never change. */
export const KEPT_STACKS: Readonly<Record<string, KeptStack>> = {
  default: { stage: 'dev' },
  production: { stage: 'prod' },
  'function URL': { stage: 'prod', ingress: { via: 'function-url' } },
  'CloudFront with WAF': {
    stage: 'prod',
    ingress: { domain, firewall: { addresses: { chargify: ['192.0.2.0/24'] } } },
  },
};
