import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, App } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json' with { type: 'json' };
import type { InletConfig } from '../../functions/config/config.ts';
import { InletStack } from '../../infra/inlet-stack.ts';
import { stageOf } from '../../infra/stage.ts';
import { OWN_HANDLERS } from './own-handlers.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}

/** A synthesized template: plain data, with the feature flags of cdk.json. */
export interface SynthesizedStack {
  readonly text: string;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, { readonly Value: unknown }>>;
  readonly rules: Readonly<Record<string, unknown>>;
  /** Whether the stack may be deleted only after somebody has allowed it. */
  readonly terminationProtection: boolean;
}

export interface StackTemplate extends SynthesizedStack {
  /** Resources of a type, by logical id. */
  ofType(type: string): readonly (readonly [string, Resource])[];
}

/** As the CDK command line sets it where nothing is deployed: nothing is bundled, which takes seconds. */
export const WITHOUT_CODE = { 'aws:cdk:bundling-stacks': [] };

/**
 * @param keep folder for the cloud assembly with its assets. Default: the template alone.
 * @param context what `-c` sets, beside the feature flags of cdk.json.
 */
export function synthesize(
  config: InletConfig,
  stageName = 'dev',
  keep?: string,
  context: Readonly<Record<string, unknown>> = {},
): StackTemplate {
  const outdir = keep ?? mkdtempSync(join(tmpdir(), 'inlet-synth-'));
  try {
    const code = keep === undefined ? WITHOUT_CODE : {};
    const app = new App({ outdir, context: { ...cdkJson.context, ...code, ...context } });
    const stage = stageOf(stageName, config, context);
    const stack = new InletStack(app, `Inlet-${stageName}`, {
      config: { config, handlers: {}, modules: OWN_HANDLERS },
      stage,
    });
    // What synth says of the default configuration, which most tests take, is not what they are about.
    Annotations.of(stack).acknowledgeWarning('inlet:placeholder-1');
    const { template, terminationProtection = false } = app.synth().getStackByName(stack.stackName);
    return templateOf({
      text: JSON.stringify(template),
      resources: template.Resources,
      outputs: template.Outputs,
      rules: template.Rules ?? {},
      terminationProtection,
    });
  } finally {
    if (keep === undefined) rmSync(outdir, { recursive: true });
  }
}

/** A template of plain data, as it may have been kept in a file. */
export function templateOf(stack: SynthesizedStack): StackTemplate {
  return {
    ...stack,
    ofType: (type) => Object.entries(stack.resources).filter(([, resource]) => resource.Type === type),
  };
}

/** What lies at a path below a value (`LoggingConfig.LogGroup.Ref`), or undefined. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}
