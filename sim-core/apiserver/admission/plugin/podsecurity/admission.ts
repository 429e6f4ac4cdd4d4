import type { PodSpec } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { admissionForbidden } from '../../errors.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../plugin.ts';
import { violationsOf } from './checks.ts';

const PREFIX = 'pod-security.kubernetes.io/';
const NAMESPACES = { group: '', resource: 'namespaces' };

/** Kinds that make pods, and where their template is. */
const TEMPLATES: Readonly<Record<string, (object: KubeObject) => PodSpec | undefined>> = {
  '/podtemplates': (object) => object.template?.spec,
  '/replicationcontrollers': (object) => object.spec?.template?.spec,
  'apps/replicasets': (object) => object.spec?.template?.spec,
  'apps/deployments': (object) => object.spec?.template?.spec,
  'apps/daemonsets': (object) => object.spec?.template?.spec,
  'apps/statefulsets': (object) => object.spec?.template?.spec,
  'batch/jobs': (object) => object.spec?.template?.spec,
  'batch/cronjobs': (object) => object.spec?.jobTemplate?.spec?.template?.spec,
};

/**
 * Holds pods to the Pod Security Standard of their namespace's labels: pods are refused, workloads only warned of.
 * Models plugin/pkg/admission/security/podsecurity/admission.go and k8s.io/pod-security-admission.
 */
export class PodSecurity implements AdmissionPlugin {
  readonly name = 'PodSecurity';
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation === 'CREATE' || operation === 'UPDATE';
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const { object, namespace, resource, subresource } = attributes;
    if (object === undefined || namespace === '') return;
    const key = `${resource.group}/${resource.resource}`;
    const isPod = key === '/pods' && (subresource === '' || subresource === 'ephemeralcontainers');
    const spec = isPod ? (object.spec as PodSpec) : subresource === '' ? TEMPLATES[key]?.(object) : undefined;
    if (spec === undefined) return;
    const labels = (await this.#services.reader.get(NAMESPACES, '', namespace))?.metadata.labels ?? {};
    const policy = (mode: string) => ({
      level: labels[PREFIX + mode] ?? 'privileged',
      version: labels[`${PREFIX}${mode}-version`] ?? 'latest',
    });
    const enforce = policy('enforce');
    if (isPod) {
      const broken = violationsOf(enforce.level, spec);
      if (broken !== '') {
        throw admissionForbidden(
          attributes,
          `violates PodSecurity "${enforce.level}:${enforce.version}": ${broken}`,
        );
      }
    }
    const warn = policy('warn');
    const broken = violationsOf(warn.level, spec);
    if (broken !== '') {
      attributes.warn(`would violate PodSecurity "${warn.level}:${warn.version}": ${broken}`);
    }
  }
}
