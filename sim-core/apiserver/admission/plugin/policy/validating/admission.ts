import { LazyModule } from '../../../../../clock/lazy-module.ts';
import type { ValidatingPolicySpec } from '../../../../registry/admissionregistration/types.ts';
import type { ServerServices } from '../../../../registry/rest/server-services.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../../plugin.ts';
import { isExempt } from '../../matching.ts';
import type { PolicyHook } from '../generic/source.ts';
import { hasPolicies, policyHooks } from '../generic/source.ts';
import type { ValidatingDispatcher } from './dispatcher.ts';

/**
 * Holds requests to the ValidatingAdmissionPolicies of the cluster; what evaluates them is fetched when
 * there is one. Models k8s.io/apiserver/pkg/admission/plugin/policy/validating/plugin.go.
 */
export class ValidatingAdmissionPolicy implements AdmissionPlugin {
  readonly name = 'ValidatingAdmissionPolicy';
  readonly #services: ServerServices;
  readonly #module = new LazyModule(() => import('./dispatcher.ts'));
  #dispatcher: ValidatingDispatcher | undefined;

  constructor(services: ServerServices) {
    this.#services = services;
  }

  handles(): boolean {
    return true;
  }

  applies(attributes: AdmissionAttributes): boolean | Promise<boolean> {
    return !isExempt(attributes) && hasPolicies(this.#services.reader, 'validating');
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    this.#dispatcher ??= new (await this.#module.load(this.#services.clock)).ValidatingDispatcher(
      this.#services,
    );
    await this.#dispatcher.dispatch(attributes, await this.#hooks());
  }

  #hooks(): Promise<readonly PolicyHook<ValidatingPolicySpec>[]> {
    return policyHooks<ValidatingPolicySpec>(this.#services.reader, 'validating');
  }
}
