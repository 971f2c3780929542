/** Faults planted in a template, each of which a drill has to see. */
import type { Resource, StackTemplate } from '../../../helpers/template.ts';

type Properties = Record<string, unknown>;

/** A template with other properties; `undefined` takes a resource away. */
export function altered(
  template: StackTemplate,
  alter: (id: string, properties: Properties) => Properties | undefined,
): StackTemplate {
  const resources: Record<string, Resource> = {};
  for (const [id, resource] of Object.entries(template.resources)) {
    const Properties = alter(id, structuredClone(resource.Properties ?? {}) as Properties);
    if (Properties) resources[id] = { ...resource, Properties };
  }
  return {
    ...template,
    resources,
    ofType: (type) => Object.entries(resources).filter(([, { Type }]) => Type === type),
  };
}

/** Four at once: each shows in lines of its own. */
export function faulty(template: StackTemplate): StackTemplate {
  return altered(template, (id, properties) => {
    const { AlarmName, AccessLogSettings, FilterPattern, MetricTransformations } = properties;
    // The metric filter that counts by source what the worker settles.
    const dimensions = JSON.stringify(MetricTransformations ?? '');
    if (FilterPattern && id.includes('WorkerLogsms') && dimensions.includes('"source"')) return undefined;
    if (String(AlarmName).endsWith('-Quarantined'))
      return JSON.parse(JSON.stringify(properties).replaceAll('"quarantined"', '"quarantine"'));
    if (String(AlarmName).endsWith('-StorageErrors')) return { ...properties, AlarmActions: [] };
    // A key without its quotation marks.
    if (AccessLogSettings)
      return JSON.parse(JSON.stringify(properties).replace('\\"requestId\\"', 'requestId'));
    return properties;
  });
}
