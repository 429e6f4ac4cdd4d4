import type { PodSpec, Toleration } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { unknownError } from '../../../../apimachinery/status.ts';
import { invalidResourceName } from '../../../../apimachinery/validation/names.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { admissionForbidden, isResource } from '../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../plugin.ts';

const CLASSES = { group: 'node.k8s.io', resource: 'runtimeclasses' };
const OTHER_OVERHEAD = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

/**
 * Gives a pod what its RuntimeClass costs, and sends it to nodes that have the class.
 * Models plugin/pkg/admission/runtimeclass/admission.go.
 */
export class RuntimeClass implements PluginWork {
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    if (!isResource(attributes, '', 'pods') || attributes.object === undefined) return;
    const spec = attributes.object.spec as PodSpec;
    const runtimeClass = await this.#classOf(spec, attributes);
    const overhead = runtimeClass?.overhead?.podFixed as PodSpec['overhead'];
    if (runtimeClass?.overhead !== undefined) {
      if (spec.overhead !== undefined && !semanticEqual(overhead, spec.overhead)) {
        throw admissionForbidden(attributes, OTHER_OVERHEAD);
      }
      if (overhead !== undefined) spec.overhead = overhead;
    }
    if (runtimeClass?.scheduling !== undefined) schedule(spec, runtimeClass, attributes);
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    if (!isResource(attributes, '', 'pods') || attributes.object === undefined) return;
    const spec = attributes.object.spec as PodSpec;
    const runtimeClass = await this.#classOf(spec, attributes);
    if (runtimeClass?.overhead === undefined) {
      if (spec.overhead === undefined) return;
      const text = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
      throw admissionForbidden(attributes, text);
    }
    if (!semanticEqual(runtimeClass.overhead.podFixed, spec.overhead)) {
      throw admissionForbidden(attributes, OTHER_OVERHEAD);
    }
  }

  async #classOf(
    { runtimeClassName }: PodSpec,
    attributes: AdmissionAttributes,
  ): Promise<KubeObject | undefined> {
    if (runtimeClassName === undefined) return undefined;
    const fault = invalidResourceName(runtimeClassName);
    if (fault !== undefined) throw unknownError(fault);
    const found = await this.#services.reader.get(CLASSES, '', runtimeClassName);
    if (found !== undefined) return found;
    const name = JSON.stringify(runtimeClassName);
    throw admissionForbidden(attributes, `pod rejected: RuntimeClass ${name} not found`);
  }
}

/** Models setScheduling. */
function schedule(spec: PodSpec, { scheduling }: KubeObject, attributes: AdmissionAttributes): void {
  const selector = (scheduling.nodeSelector ?? {}) as Record<string, string>;
  for (const [key, value] of Object.entries(selector)) {
    const own = spec.nodeSelector?.[key];
    if (own === undefined || own === value) continue;
    throw admissionForbidden(
      attributes,
      `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
    );
  }
  if (Object.keys(selector).length > 0) spec.nodeSelector = { ...spec.nodeSelector, ...selector };
  const tolerations = (scheduling.tolerations ?? []) as Toleration[];
  const own = spec.tolerations ?? [];
  const added = tolerations.filter((toleration) => !own.some((other) => semanticEqual(other, toleration)));
  if (added.length > 0) spec.tolerations = [...own, ...added];
}
