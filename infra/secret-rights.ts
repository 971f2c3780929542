/** What ingest may do with the secrets of the sources, which are set apart from the stack. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { InletConfig, SourceConfig } from '../functions/config/config.ts';
import { optionsOf } from '../functions/config/sources.ts';
import { providers } from '../functions/providers/index.ts';
import { managedName } from '../functions/secrets/secrets-manager.ts';
import { schemeOf } from '../functions/verification/verify.ts';
import type { InletFunction } from './lambda-function.ts';

/**
 * Lets a function read the secrets of the stage, and store those that providers hand over. Using a parameter or a secret
 * under the account's own key (`aws/ssm`, `aws/secretsmanager`) takes no right on the key: its policy admits everybody
 * whom the service admits (https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html,
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html).
 *
 * Reading is one right on the whole path, under which nothing but secrets lies: one for each source would outgrow what
 * IAM takes at some dozens of sources. Writing is a right for each source, each in a statement of its own, because CDK
 * moves whole statements, and only those, to a second policy when a role's own is full
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
 *
 * @param path `/inlet/<stage>`: parameters `<path>/<source>`, or secrets of that name without the first slash.
 */
export function grantSecrets(fn: InletFunction, path: string, { sources, secrets }: InletConfig): void {
  const names = Object.keys(sources).filter((name) => asksForSecret(sources[name]));
  const handedOver = names.filter((name) => providers[sources[name]?.provider ?? '']?.secret.handedOver);
  const parameter = (name: string) =>
    Stack.of(fn).formatArn({ service: 'ssm', resource: `parameter${path}`, resourceName: name });
  const secret = (name: string) =>
    Stack.of(fn).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: managedName(path, name),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  const managed = secrets === 'secrets-manager';

  const all = names.length > 0 ? [managed ? secret('*') : parameter('*')] : [];
  fn.give('secretsPath', path, all, [managed ? 'secretsmanager:GetSecretValue' : 'ssm:GetParameter']);
  if (handedOver.length === 0) return;
  // The window is read, and closed before the key is stored. It is a parameter, wherever the keys lie.
  const windows = ['ssm:PutParameter', ...(managed ? ['ssm:GetParameter'] : [])];
  fn.allow([parameter('*/window')], windows);
  for (const name of handedOver) {
    if (managed)
      fn.allow(
        // A secret's ARN ends in a hyphen and six characters that nobody knows before it is created. Six question marks
        // fit them, where a star would fit longer names as well
        // (https://docs.aws.amazon.com/secretsmanager/latest/userguide/permissions_grant-limited-resources.html). One
        // that is not there yet has none: without a right on the bare name it would be refused, not missing.
        [secret(name), secret(`${name}-??????`)],
        ['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue'],
      );
    else fn.allow([parameter(name)], ['ssm:PutParameter']);
  }
}

/** Whether ingest looks up secrets of a source: not where everything is proven by public keys. */
function asksForSecret(source: SourceConfig | undefined): boolean {
  const provider = providers[source?.provider ?? ''];
  if (!source || !provider) return false;
  if (provider.handshakes?.length) return true;
  const scheme = schemeOf(provider, optionsOf(source));
  return !(scheme.kind === 'unsigned' || (scheme.kind === 'custom' && scheme.withoutSecret));
}
