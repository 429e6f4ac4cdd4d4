import { AtomResolver } from '../../../apimachinery/structured-merge-diff/atom.ts';
import { AdmissionChain } from '../../admission/chain.ts';
import type { AdmissionPlugin } from '../../admission/plugin.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import { ObjectDecoder } from './decode.ts';
import { FieldManagers } from './field-managers.ts';
import type { Writing } from './scope.ts';

/**
 * What the handlers that change something share: the schemas of all kinds, the admission chain, who manages which
 * fields. A server fetches this module with the first request that needs it.
 */
export class WriteSupport {
  readonly #admission: AdmissionChain;
  readonly #decoder = new ObjectDecoder();
  readonly #atoms = new AtomResolver();
  readonly #fieldManagers = new Map<ResourceDefinition, FieldManagers>();

  readonly #definitions: () => readonly ResourceDefinition[];

  /** `plugins` in the order in which they run; `definitions` are all that are served at the moment. */
  constructor(plugins: readonly AdmissionPlugin[], definitions: () => readonly ResourceDefinition[]) {
    this.#admission = new AdmissionChain(plugins);
    this.#definitions = definitions;
  }

  /** What handlers of requests for this resource need. */
  writing(definition: ResourceDefinition): Writing {
    return {
      admission: this.#admission,
      decoder: this.#decoder,
      fieldManagers: this.fieldManagersOf(definition),
    };
  }

  fieldManagersOf(definition: ResourceDefinition): FieldManagers {
    let managers = this.#fieldManagers.get(definition);
    if (managers === undefined) {
      const isVersion = ({ storagePrefix }: ResourceDefinition) => storagePrefix === definition.storagePrefix;
      managers = new FieldManagers(definition, this.#atoms, () => this.#definitions().filter(isVersion));
      this.#fieldManagers.set(definition, managers);
    }
    return managers;
  }
}
