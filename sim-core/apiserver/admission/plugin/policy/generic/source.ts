import type { KubeObject } from '../../../../../apimachinery/object.ts';
import type { Policy, PolicyBinding } from '../../../../registry/admissionregistration/types.ts';
import type { ObjectReader } from '../../../../registry/rest/object-store.ts';

const GROUP = 'admissionregistration.k8s.io';

/** A policy with its bindings. */
export interface PolicyHook<Spec> {
  readonly policy: Policy<Spec>;
  readonly bindings: readonly PolicyBinding[];
}

type PolicyKind = 'validating' | 'mutating';

const RESOURCES = {
  validating: {
    policies: { group: GROUP, resource: 'validatingadmissionpolicies' },
    bindings: { group: GROUP, resource: 'validatingadmissionpolicybindings' },
  },
  mutating: {
    policies: { group: GROUP, resource: 'mutatingadmissionpolicies' },
    bindings: { group: GROUP, resource: 'mutatingadmissionpolicybindings' },
  },
} as const;

/** False if no policy can be bound to anything. */
export function hasPolicies(reader: ObjectReader, kind: PolicyKind): Promise<boolean> {
  return reader.has(RESOURCES[kind].bindings);
}

/** The policies that are bound to anything, by name. Models policy/generic/policy_source.go. */
export async function policyHooks<Spec>(
  reader: ObjectReader,
  kind: PolicyKind,
): Promise<readonly PolicyHook<Spec>[]> {
  const bindings = await reader.list(RESOURCES[kind].bindings);
  if (bindings.length === 0) return [];
  const policies = await reader.list(RESOURCES[kind].policies);
  return policies
    .map((policy) => ({
      policy: policy as Policy<Spec>,
      bindings: (bindings as PolicyBinding[]).filter(({ spec }) => spec.policyName === policy.metadata.name),
    }))
    .filter((hook) => hook.bindings.length > 0);
}

/** Keeps what was made of an object until the object changes. */
export class ByRevision<T> {
  readonly #known = new Map<string, { readonly revision: string; readonly made: T }>();

  get(object: KubeObject, make: () => T): T {
    const { uid = '', resourceVersion = '' } = object.metadata;
    const known = this.#known.get(uid);
    if (known?.revision === resourceVersion) return known.made;
    const made = make();
    this.#known.set(uid, { revision: resourceVersion, made });
    return made;
  }
}
