/** A template as it is deployed, and what is wrong with it. */
import { isObject } from '../../../../functions/core/is-object.ts';

/** Plain data that a test may change. */
export interface Template {
  Description?: string;
  Metadata?: Record<string, unknown>;
  Resources: Record<string, TemplateResource>;
  Outputs: Record<string, { Value: unknown; Description?: string; Export?: unknown }>;
}

export interface TemplateResource {
  Type: string;
  Properties: Record<string, unknown>;
  DependsOn?: string | string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

export interface Finding {
  /** What is violated: a rule of the engine (`F3002`), of the specification, or the name of a limit. */
  readonly rule: string;
  /** Where, and how. */
  readonly text: string;
}

/** `Ref`, `Fn::GetAtt`, `Fn::Join`, …: the name of the function and its argument, or undefined for plain data. */
export function intrinsic(value: unknown): readonly [name: string, argument: unknown] | undefined {
  if (!isObject(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return undefined;
  return entry[0] === 'Ref' || entry[0].startsWith('Fn::') ? entry : undefined;
}
