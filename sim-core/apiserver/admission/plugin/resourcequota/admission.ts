import type { PodSpec } from 'kubernetes-types/core/v1';
import { deepCopy } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { Quantity } from '../../../../apimachinery/quantity/quantity.ts';
import {
  API_SERVER_MANAGER,
  API_SERVER_USER,
  SYSTEM_PRIVILEGED_GROUP,
} from '../../../authentication/user.ts';
import type { RequestContext } from '../../../registry/rest/object-store.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { admissionForbidden } from '../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../plugin.ts';
import type { Usage } from '../../../../client-go/component-helpers/quota/usage.ts';
import {
  matchesScopes,
  missingRequirements,
  usageOf,
} from '../../../../client-go/component-helpers/quota/usage.ts';

const QUOTAS = { group: '', resource: 'resourcequotas' };
type List = Record<string, string>;

/**
 * Counts what a namespace may have, and refuses what would be more.
 * Models k8s.io/apiserver/pkg/admission/plugin/resourcequota.
 */
export class ResourceQuota implements PluginWork {
  readonly #services: Pick<ServerServices, 'fieldManagerOf' | 'reader' | 'registry' | 'clock'>;

  constructor(services: Pick<ServerServices, 'fieldManagerOf' | 'reader' | 'registry' | 'clock'>) {
    this.#services = services;
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const { namespace, object, resource, operation } = attributes;
    if (object === undefined) return;
    const quotas = (await this.#services.reader.list(QUOTAS, namespace)).filter((quota) =>
      matchesScopes(quota, resource, object),
    );
    if (quotas.length === 0) return;
    const delta = increase(
      usageOf(resource, object),
      operation === 'UPDATE' && attributes.oldObject ? usageOf(resource, attributes.oldObject) : undefined,
    );
    if (delta.size === 0) return;
    const isNewPod = operation === 'CREATE' && resource.group === '' && resource.resource === 'pods';
    for (const quota of quotas) {
      if (isNewPod) this.#checkSpecified(quota, object.spec, attributes);
      await this.#charge(quota, delta, attributes);
    }
  }

  #checkSpecified(quota: KubeObject, spec: PodSpec, attributes: AdmissionAttributes): void {
    const text = missingRequirements(Object.keys(quota.status?.hard ?? {}), spec);
    if (text !== '') {
      throw admissionForbidden(attributes, `failed quota: ${quota.metadata.name}: ${text}`);
    }
  }

  /** Adds to the quota's used amounts, unless that is too much. */
  async #charge(quota: KubeObject, delta: Usage, attributes: AdmissionAttributes): Promise<void> {
    const limited = Object.keys(quota.spec?.hard ?? {}).filter((name) => delta.has(name));
    if (limited.length === 0) return;
    const name = quota.metadata.name!;
    const store = this.#services.registry.storeFor(QUOTAS);
    const context = this.#context(attributes);
    const fieldManager = await this.#services.fieldManagerOf(store.definition, 'status');
    const charged = (current: KubeObject): KubeObject => {
      const hard: List = current.status?.hard ?? {};
      const used: List = { ...current.status?.used };
      const unknown = limited.filter((item) => hard[item] === undefined || used[item] === undefined);
      if (unknown.length > 0) {
        throw admissionForbidden(
          attributes,
          `status unknown for quota: ${name}, resources: ${unknown.sort().join(',')}`,
        );
      }
      const before = { ...used };
      const exceeded = limited
        .filter((item) => {
          const sum = Quantity.parse(used[item]!).add(delta.get(item)!);
          used[item] = sum.toString();
          return delta.get(item)!.sign > 0 && sum.compare(Quantity.parse(hard[item]!)) > 0;
        })
        .sort();
      if (exceeded.length > 0) {
        const show = (valueOf: (item: string) => string) =>
          exceeded.map((item) => `${item}=${valueOf(item)}`).join(',');
        throw admissionForbidden(
          attributes,
          `exceeded quota: ${name}, requested: ${show((item) => delta.get(item)!.toString())}, ` +
            `used: ${show((item) => before[item]!)}, limited: ${show((item) => hard[item]!)}`,
        );
      }
      const next = deepCopy(current);
      next.status = { ...next.status, used };
      fieldManager.update(current, next, API_SERVER_MANAGER, context.now);
      return next;
    };
    if (attributes.dryRun) charged(quota);
    else await store.guaranteedUpdate(name, charged, context);
  }

  /** The server itself counts. */
  #context({ namespace }: AdmissionAttributes): RequestContext {
    return {
      user: { name: API_SERVER_USER, groups: [SYSTEM_PRIVILEGED_GROUP] },
      namespace,
      now: this.#services.clock.now(),
      requestId: undefined,
      dryRun: false,
      warn: () => {},
    };
  }
}

/** What the new state costs more than the old one. */
function increase(usage: Usage, old: Usage | undefined): Usage {
  if (old === undefined) return usage;
  const delta = new Map<string, Quantity>();
  for (const [name, quantity] of usage) {
    const more = quantity.sub(old.get(name) ?? Quantity.of(0));
    if (more.sign > 0) delta.set(name, more);
  }
  return delta;
}
