import { podTotal } from '../../../../client-go/component-helpers/core/pod-total.ts';
import type { LimitRangeItem, PodSpec } from 'kubernetes-types/core/v1';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { admissionForbidden, isPodResize, isResource } from '../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../plugin.ts';
import { applyDefaults, claimViolations, violations } from './limits.ts';

const LIMIT_RANGES = { group: '', resource: 'limitranges' };
type List = Record<string, string>;

/**
 * Fills in and enforces the limits of a namespace's LimitRanges.
 * Models plugin/pkg/admission/limitranger/admission.go.
 */
export class LimitRanger implements PluginWork {
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    if (!isPodCreate(attributes)) return;
    for (const items of await this.#itemsOf(attributes)) applyDefaults(attributes.object as never, items);
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const { object } = attributes;
    if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
    const texts: string[] = [];
    if (isPodCreate(attributes) || isPodResize(attributes)) {
      for (const items of await this.#itemsOf(attributes)) texts.push(...podViolations(items, object.spec));
    } else if (isResource(attributes, '', 'persistentvolumeclaims')) {
      for (const items of await this.#itemsOf(attributes)) {
        for (const item of items.filter(({ type }) => type === 'PersistentVolumeClaim')) {
          const requests: List = object.spec?.resources?.requests ?? {};
          texts.push(...claimViolations(item, requests));
        }
      }
    }
    if (texts.length === 0) return;
    throw admissionForbidden(attributes, texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`);
  }

  async #itemsOf({ namespace }: AdmissionAttributes): Promise<LimitRangeItem[][]> {
    const ranges = await this.#services.reader.list(LIMIT_RANGES, namespace);
    return ranges.map((range) => (range.spec?.limits ?? []) as LimitRangeItem[]);
  }
}

/** Only a resize changes a pod's resources once it is made. */
function isPodCreate(attributes: AdmissionAttributes): boolean {
  return attributes.operation === 'CREATE' && isResource(attributes, '', 'pods');
}

/** Models PodValidateLimitFunc. */
function podViolations(items: readonly LimitRangeItem[], spec: PodSpec): string[] {
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  return items.flatMap((item) => {
    if (item.type === 'Container') {
      return containers.flatMap(({ resources }) =>
        violations(item, (resources?.requests ?? {}) as List, (resources?.limits ?? {}) as List),
      );
    }
    return item.type === 'Pod' ? violations(item, podTotal(spec, 'requests'), podTotal(spec, 'limits')) : [];
  });
}
