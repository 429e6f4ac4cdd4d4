import type { ManifestKind } from 'sim-core/manifest-kinds';
// Apart from what else the site uses of the simulator: the types of all kinds are fetched with the editor only.
import { builtinKinds, customKinds } from 'sim-core/manifest-kinds';
import type { Descriptions, EtcdClient } from '../simulator.ts';

export type Kinds = readonly ManifestKind[];
export { builtinKinds };

const DEFINITIONS = '/registry/apiextensions.k8s.io/customresourcedefinitions/';

/**
 * All kinds of a lab: the built-in ones, and those that its CustomResourceDefinitions bring. An editor is of use
 * without the latter, too, while etcd is away.
 */
export async function kindsOf(etcd: EtcdClient): Promise<Kinds> {
  const range = { key: DEFINITIONS, rangeEnd: DEFINITIONS.replace(/.$/, '0') };
  const { kvs } = await etcd.get(range).catch(() => ({ kvs: [] }));
  return [...builtinKinds(), ...kvs.flatMap(({ value }) => customKinds(JSON.parse(value)))];
}

/** The texts of built-in types, with those of the others. */
export function withTexts(kinds: Kinds, builtin: Descriptions): Descriptions {
  const others = kinds.flatMap(({ descriptions }) => descriptions ?? []);
  return {
    describe: (of, field) =>
      others.map((texts) => texts.describe(of, field)).find((text) => text !== '') ??
      builtin.describe(of, field),
    enumOf: (of, field, items) =>
      others.map((texts) => texts.enumOf(of, field, items)).find((values) => values !== undefined) ??
      builtin.enumOf(of, field, items),
  };
}
