/**
 * AWS's own validator, which comes with CDK and which `cdk synth` runs over the stack that it makes: CloudFormation's
 * resource schemas with patterns, lengths and bounds, references, circles, and the limits of a template
 * (https://github.com/aws-cloudformation/cloudformation-validate). Here it runs over every variant, in any region.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib';
import type { Finding } from './finding.ts';

/** One for all templates of a process: its rules are compiled once, in some seconds. */
const plugin = new CloudFormationValidatePlugin();
const app = new App();

/**
 * @param template JSON.
 * @param region decides which resource types there are. What the engine does not know has all of them.
 * @returns errors and warnings alike: none is acknowledged.
 */
export function engineFindings(template: string, region: string): readonly Finding[] {
  const folder = mkdtempSync(join(tmpdir(), 'inlet-template-'));
  const templatePath = join(folder, 'template.json');
  try {
    writeFileSync(templatePath, template);
    const { violations } = plugin.validate({
      templatePaths: [templatePath],
      stackTemplates: [{ templatePath, stackConstructPath: 'Inlet', region, accountId: '123456789012' }],
      appConstruct: app,
    });
    return violations.map(({ ruleName, description, violatingResources }) => ({
      rule: ruleName,
      text: `${violatingResources.map(({ resourceLogicalId = 'template' }) => resourceLogicalId).join(', ')}: ${description}`,
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
