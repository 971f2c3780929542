/**
 * Takes the place of `@aws-sdk/middleware-endpoint-discovery`, which the DynamoDB client carries for Timestream's
 * sake: DynamoDB itself requires no discovery, and it is off unless an environment variable or a profile asks for
 * it (https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoint-discovery.html). With it go its LRU cache
 * and two libraries. Saves about 8 KB.
 *
 * Proof: every test of test/unit/bundle writes to a table through a client that was made with this.
 */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => false,
  configFileSelector: () => false,
  default: false,
};

export function resolveEndpointDiscoveryConfig<Config>(config: Config): Config {
  return config;
}

/** Only `DescribeEndpoints` and commands that require discovery use these; none is in a bundle. */
export function getEndpointDiscoveryPlugin(): never {
  throw new Error('endpoint discovery is not in this bundle: see infra/bundle/endpoint-discovery.ts');
}
export {
  getEndpointDiscoveryPlugin as getEndpointDiscoveryOptionalPlugin,
  getEndpointDiscoveryPlugin as getEndpointDiscoveryRequiredPlugin,
};
