import type { PodSpec } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { admissionForbidden, isResource } from '../../errors.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../plugin.ts';

const GROUP = 'scheduling.k8s.io';
const CLASSES = { group: GROUP, resource: 'priorityclasses' };
const DEFAULT_PRIORITY = 0;
const DEFAULT_POLICY = 'PreemptLowerPriority';

/**
 * Works out a pod's priority from its class.
 * Models plugin/pkg/admission/priority/admission.go.
 */
export class Priority implements AdmissionPlugin {
  readonly name = 'Priority';
  readonly resources = ['/pods', `${GROUP}/priorityclasses`];
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation === 'CREATE' || operation === 'UPDATE';
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    if (!isResource(attributes, '', 'pods') || attributes.object === undefined) return;
    const spec = attributes.object.spec as PodSpec;
    if (attributes.operation === 'CREATE') return this.#admitPod(attributes, spec);
    const old = attributes.oldObject?.spec as PodSpec | undefined;
    if (old?.priority !== undefined) spec.priority ??= old.priority;
    if (old?.preemptionPolicy !== undefined) spec.preemptionPolicy ??= old.preemptionPolicy;
  }

  async #admitPod(attributes: AdmissionAttributes, spec: PodSpec): Promise<void> {
    let found: KubeObject | undefined;
    if (spec.priorityClassName) {
      found = await this.#services.reader.get(CLASSES, '', spec.priorityClassName);
      if (found === undefined) {
        throw admissionForbidden(
          attributes,
          `no PriorityClass with name ${spec.priorityClassName} was found`,
        );
      }
    } else {
      found = await this.#defaultClass();
      if (found !== undefined) spec.priorityClassName = found.metadata.name!;
    }
    const priority: number = found?.value ?? DEFAULT_PRIORITY;
    const policy: string = found?.preemptionPolicy ?? DEFAULT_POLICY;
    if (spec.priority !== undefined && spec.priority !== priority) {
      throw admissionForbidden(
        attributes,
        `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`,
      );
    }
    if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
      throw admissionForbidden(
        attributes,
        `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
      );
    }
    spec.priority = priority;
    spec.preemptionPolicy = policy;
  }

  /** Of several defaults the one with the lowest value. Models getDefaultPriorityClass. */
  async #defaultClass(): Promise<KubeObject | undefined> {
    const classes = await this.#services.reader.list(CLASSES);
    return classes
      .filter((item) => item.globalDefault === true)
      .reduce<KubeObject | undefined>(
        (lowest, item) => (lowest === undefined || item.value < lowest.value ? item : lowest),
        undefined,
      );
  }

  /** One default at most. */
  async validate(attributes: AdmissionAttributes): Promise<void> {
    const { object } = attributes;
    if (!isResource(attributes, GROUP, 'priorityclasses') || object?.globalDefault !== true) return;
    const current = await this.#defaultClass();
    if (current === undefined || current.metadata.name === object.metadata.name) return;
    throw admissionForbidden(
      attributes,
      `PriorityClass ${current.metadata.name} is already marked as default. Only one default can exist`,
    );
  }
}
