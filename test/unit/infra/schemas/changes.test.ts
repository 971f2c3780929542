/** No key of the configuration, changed at a later deployment, takes away what holds state or is known by its address. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Template, TemplateResource } from './finding.ts';
import { collisions } from './names.ts';
import { holdsState, isAddressed, leftSettings, lost } from './replacement.ts';
import { templateOf, variantOf, variants } from './variants.ts';

const parsed = (variant: Parameters<typeof templateOf>[0]) =>
  JSON.parse(templateOf(variant).text) as Template;
const initial = parsed(variantOf('default'));
const others = variants.filter(({ name, stage }) => name !== 'default' && stage === undefined);

/** What `console: false` is there to take away. */
const LOGIN = /^(Console|UserPool)/;
const operations = readFileSync(join(import.meta.dirname, '../../../../docs/operations.md'), 'utf8');

describe.each(others)('default ↔ $name', (variant) => {
  const changed = parsed(variant);

  test('what is deployed first stays', () => {
    const gone = lost(initial, changed, (type) => holdsState(type) || isAddressed(type));
    expect(variant.config.console === false ? gone.filter((it) => !LOGIN.test(it)) : gone).toEqual([]);
  });

  test('what holds state stays on the way back', () => {
    // The origin's secrets are made up anew with the next firewall, and nobody has to know them.
    const isData = (type: string) => holdsState(type) && type !== 'AWS::SecretsManager::Secret';
    expect(lost(changed, initial, isData)).toEqual([]);
  });

  test('no settings of a route are left behind, but by the console, of which docs/operations.md says how they go', () => {
    expect(leftSettings(changed, initial)).toEqual([]);
    const left = leftSettings(initial, changed);
    expect(left).toHaveLength(variant.config.console === false ? 4 : 0);
    const [, commands = ''] = /^for route in (.+)$/m.exec(operations) ?? [];
    for (const key of left) expect(commands).toContain(`'${key}'`);
  });

  test('no name is taken, on either way', () => {
    expect(collisions(initial, changed)).toEqual([]);
    expect(collisions(changed, initial)).toEqual([]);
  });
});

test('a changed key and a table that is gone are noticed', () => {
  const changed = structuredClone(initial);
  const { LedgerTable } = changed.Resources;
  if (LedgerTable) LedgerTable.Properties.TableName = 'another';
  delete changed.Resources.ArchiveTable;
  expect(lost(initial, changed, holdsState)).toEqual([
    'LedgerTable is replaced for its TableName',
    'ArchiveTable is removed',
  ]);
});

test('a policy that somebody may have is replaced for nothing but its path and description, and these are fixed', () => {
  const policies = Object.entries(initial.Resources).filter(
    ([, it]) => it.Type === 'AWS::IAM::ManagedPolicy',
  );
  const described = policies.map(([id, { Properties }]) => [id, Properties?.Path, Properties?.Description]);
  expect(described).toEqual([
    ['AccessReader', '/', 'With inlet --stage: may look at everything but the secrets.'],
    ['AccessOperator', '/', 'With inlet --stage: may look, replay, redrive, reclaim and clear leases.'],
  ]);
});

describe('of names', () => {
  const QUERY = 'OperationsStalebysource';
  const [id = ''] = Object.keys(initial.Resources).filter((it) => it.startsWith(QUERY));
  const [group = ''] = Object.keys(initial.Resources).filter((it) => it.startsWith('IngressGatewayLogs'));
  /** The default, changed in one resource. */
  function changed(of: string, change: (resource: TemplateResource) => void, as = of): Template {
    const template = structuredClone(initial);
    const resource = template.Resources[of];
    if (!resource) throw new Error(`there is no ${of}`);
    change(resource);
    delete template.Resources[of];
    template.Resources[as] = resource;
    return template;
  }

  test('one that goes over to another resource is noticed', () => {
    const moved = changed(id, () => {}, 'Moved');
    expect(collisions(initial, moved)).toEqual([expect.stringMatching(`Moved meets the name of ${id}`)]);
  });

  test('one of what is replaced is noticed', () => {
    const [fn = ''] =
      Object.entries(initial.Resources).find(([, it]) => it.Type === 'AWS::Lambda::Function') ?? [];
    const named = changed(fn, ({ Properties }) => {
      Properties.FunctionName = 'ours';
    });
    const replaced = changed(fn, ({ Properties }) => {
      Properties.FunctionName = 'ours';
      Properties.PackageType = 'Image';
    });
    expect(collisions(named, replaced)).toEqual([expect.stringMatching(`${fn} meets the name of ${fn}`)]);
  });

  test.each(['DeletionPolicy', 'UpdateReplacePolicy'] as const)(
    'one that stays behind by its %s is noticed',
    (policy) => {
      const kept = changed(group, (resource) => {
        resource[policy] = 'Retain';
      });
      const gone = changed(group, ({ Properties }) => {
        Properties.LogGroupName = 'another';
      });
      if (policy === 'DeletionPolicy') delete gone.Resources[group];
      expect(collisions(kept, gone)).toEqual([expect.stringMatching(`${group} is left behind`)]);
      expect(collisions(initial, gone)).toEqual([]);
    },
  );
});

test('no two variants have the same name', () => {
  const names = variants.map(({ name }) => name);
  expect([...new Set(names)]).toEqual(names);
});
