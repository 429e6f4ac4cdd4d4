import { LazyModule } from '../../../../../clock/lazy-module.ts';
import type { MutatingPolicySpec } from '../../../../registry/admissionregistration/types.ts';
import type { ServerServices } from '../../../../registry/rest/server-services.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../../plugin.ts';
import { isExempt } from '../../matching.ts';
import type { PolicyHook } from '../generic/source.ts';
import { hasPolicies, policyHooks } from '../generic/source.ts';
import type { MutatingDispatcher } from './dispatcher.ts';

/**
 * Changes objects as the MutatingAdmissionPolicies of the cluster say; what evaluates them is fetched when
 * there is one. Models k8s.io/apiserver/pkg/admission/plugin/policy/mutating/plugin.go.
 */
export class MutatingAdmissionPolicy implements AdmissionPlugin {
  readonly name = 'MutatingAdmissionPolicy';
  readonly #services: ServerServices;
  readonly #module = new LazyModule(() => import('./dispatcher.ts'));
  #dispatcher: MutatingDispatcher | undefined;

  constructor(services: ServerServices) {
    this.#services = services;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation === 'CREATE' || operation === 'UPDATE' || operation === 'CONNECT';
  }

  applies(attributes: AdmissionAttributes): boolean | Promise<boolean> {
    if (isExempt(attributes) || attributes.object === undefined) return false;
    return hasPolicies(this.#services.reader, 'mutating');
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    this.#dispatcher ??= new (await this.#module.load(this.#services.clock)).MutatingDispatcher(
      this.#services,
    );
    await this.#dispatcher.dispatch(attributes, await this.#hooks());
  }

  #hooks(): Promise<readonly PolicyHook<MutatingPolicySpec>[]> {
    return policyHooks<MutatingPolicySpec>(this.#services.reader, 'mutating');
  }
}
