/** No key of the configuration, changed at a later deployment, takes away what holds state or is known by its address. */
import { describe, expect, test } from '@jest/globals';
import type { Template } from './finding.ts';
import { holdsState, isAddressed, lost } from './replacement.ts';
import { templateOf, variantOf, variants } from './variants.ts';

const parsed = (variant: Parameters<typeof templateOf>[0]) =>
  JSON.parse(templateOf(variant).text) as Template;
const initial = parsed(variantOf('default'));
const others = variants.filter(({ name, stage }) => name !== 'default' && stage === undefined);

/** What `console: false` is there to take away. */
const LOGIN = /^(Console|UserPool)/;

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

test('no two variants have the same name', () => {
  const names = variants.map(({ name }) => name);
  expect([...new Set(names)]).toEqual(names);
});
