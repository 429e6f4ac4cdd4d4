import { describe as suite, expect, test } from 'vitest';
import { describe, loadColumnTexts } from '../../apimachinery/schema/column-texts.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { settle } from '../../testing/settle.ts';
import { schemaOf } from '../../apimachinery/schema/schema.ts';
import { builtinResources } from './resources.ts';
import type { ResourceDefinition, TableColumn } from './rest/resource.ts';

/** The columns of a kind, once they are there. */
async function columnsOf({ columns = [] }: ResourceDefinition): Promise<readonly TableColumn[]> {
  if (!('fetch' in columns)) return columns;
  await columns.fetch();
  return columns.loaded;
}

suite('the table of resources', () => {
  test('names each resource of a group and version once', () => {
    const names = builtinResources.map(({ group, version, resource }) => `${group}/${version}/${resource}`);
    expect(names.length).toBe(new Set(names).size);
  });

  test('keeps no two kinds under one prefix', () => {
    const prefixes = builtinResources
      // What is converted lies under the prefix of its other version.
      .filter(({ storagePrefix, conversion }) => storagePrefix !== '' && conversion === undefined)
      .map(({ storagePrefix }) => storagePrefix);
    expect(prefixes.length).toBe(new Set(prefixes).size);
  });

  test('has a schema for every kind', () => {
    expect(builtinResources.filter(({ schema }) => schemaOf(schema) === undefined)).toEqual([]);
  });

  test('describes every column', async () => {
    const clock = new VirtualClock({ start: 0, settle });
    for (const definition of builtinResources) {
      const columns = await columnsOf(definition);
      const types = columns.flatMap(({ description: of }) => (typeof of === 'string' ? [] : [of.of]));
      await clock.until(loadColumnTexts(types, clock));
      for (const { description } of columns) {
        const text =
          typeof description === 'string' ? description : describe(description.of, description.field);
        expect(text).not.toBe('');
      }
    }
  });

  test.each([
    ['nodes', 'minions'],
    ['services', 'services/specs'],
    ['endpoints', 'services/endpoints'],
    ['replicationcontrollers', 'controllers'],
    ['ingresses', 'ingress'],
    ['leases', 'leases'],
  ])('%s lie under %s', (resource, prefix) => {
    expect(builtinResources.find((row) => row.resource === resource)?.storagePrefix).toBe(prefix);
  });

  test('the cells of an empty object can be shown', async () => {
    for (const definition of builtinResources) {
      const { strategy, kind } = definition;
      const columns = await columnsOf(definition);
      const object = { kind, apiVersion: '', metadata: { name: 'x' } };
      strategy.fillDefaults?.(object);
      for (const column of columns) expect(() => column.cell(object, 0)).not.toThrow();
    }
  });
});
