import { LazyModule } from '../../clock/lazy-module.ts';
import type { ServerServices } from '../registry/rest/server-services.ts';
import type { AdmissionAttributes, AdmissionPlugin, PluginWork } from './plugin.ts';

type Operation = AdmissionAttributes['operation'];

/** When a plugin has something to do, which is known before it is fetched; see {@link AdmissionPlugin}. */
export interface LazyRow<T> extends Pick<AdmissionPlugin, 'resources' | 'mutates'> {
  readonly operations: readonly Operation[];
  /** What it does. */
  readonly does: readonly (keyof PluginWork)[];
  applies?(attributes: AdmissionAttributes, services: ServerServices): boolean | Promise<boolean>;
  fetch(): Promise<T>;
  pick(module: T): new (services: ServerServices) => PluginWork;
}

/** A plugin that is fetched with the first request that it has something to do with. */
export function lazyPlugin<T>(name: string, services: ServerServices, row: LazyRow<T>): AdmissionPlugin {
  const { operations, does, resources, mutates } = row;
  const module = new LazyModule(() => row.fetch());
  let plugin: PluginWork | undefined;
  const work = async (what: keyof PluginWork, attributes: AdmissionAttributes) => {
    plugin ??= new (row.pick(await module.load(services.clock)))(services);
    await plugin[what]!(attributes);
  };
  return {
    name,
    ...(resources !== undefined && { resources }),
    ...(mutates !== undefined && { mutates }),
    handles: (operation) => operations.includes(operation),
    applies: (attributes) => row.applies?.(attributes, services) ?? true,
    ...(does.includes('admit') && { admit: (attributes) => work('admit', attributes) }),
    ...(does.includes('validate') && { validate: (attributes) => work('validate', attributes) }),
  };
}
