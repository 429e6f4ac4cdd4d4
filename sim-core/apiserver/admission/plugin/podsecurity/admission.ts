import type { Container, PodSpec } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { invalidError } from '../../../../apimachinery/status.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { admissionForbidden, isResource } from '../../errors.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../plugin.ts';
import { violationsOf, violationText } from './checks.ts';
import { existingViolations } from './existing-pods.ts';
import { compareLevels, policyOf, policyText, PREFIX } from './policy.ts';

const NAMESPACES = { group: '', resource: 'namespaces' };
const IGNORED_SUBRESOURCES = new Set([
  'exec',
  'attach',
  'binding',
  'eviction',
  'log',
  'portforward',
  'proxy',
  'status',
]);

interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: PodSpec;
}

/** Kinds that make pods, and where their template is. */
const TEMPLATES: Readonly<Record<string, (object: KubeObject) => Template | undefined>> = {
  '/podtemplates': (object) => object.template,
  '/replicationcontrollers': (object) => object.spec?.template,
  'apps/replicasets': (object) => object.spec?.template,
  'apps/deployments': (object) => object.spec?.template,
  'apps/daemonsets': (object) => object.spec?.template,
  'apps/statefulsets': (object) => object.spec?.template,
  'batch/jobs': (object) => object.spec?.template,
  'batch/cronjobs': (object) => object.spec?.jobTemplate?.spec?.template,
};

/**
 * Holds pods to the Pod Security Standard of their namespace's labels: pods are refused, workloads only warned of.
 * Models plugin/pkg/admission/security/podsecurity/admission.go and k8s.io/pod-security-admission.
 */
export class PodSecurity implements AdmissionPlugin {
  readonly name = 'PodSecurity';
  readonly resources = ['/namespaces', '/pods', ...Object.keys(TEMPLATES)];
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation === 'CREATE' || operation === 'UPDATE';
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const { object, resource, subresource, oldObject } = attributes;
    if (object === undefined) return;
    if (isResource(attributes, '', 'namespaces')) return this.#validateNamespace(attributes, object);
    const key = `${resource.group}/${resource.resource}`;
    if (key === '/pods') {
      if (IGNORED_SUBRESOURCES.has(subresource)) return;
      if (oldObject !== undefined && !isSignificantUpdate(object.spec, oldObject.spec)) return;
      return this.#evaluate(attributes, object, true);
    }
    const template = subresource === '' ? TEMPLATES[key]?.(object) : undefined;
    if (template !== undefined) await this.#evaluate(attributes, template, false);
  }

  /** Models EvaluatePod. */
  async #evaluate(attributes: AdmissionAttributes, pod: Template, enforced: boolean): Promise<void> {
    const { namespace, annotate, warn } = attributes;
    if (pod.spec === undefined) return;
    const labels = (await this.#services.reader.get(NAMESPACES, '', namespace))?.metadata.labels ?? {};
    const policy = policyOf(labels);
    const check = (mode: 'enforce' | 'audit' | 'warn') =>
      violationText(violationsOf(policy[mode], pod.spec!, pod.metadata));
    if (enforced) annotate?.(`${PREFIX}enforce-policy`, policyText(policy.enforce));
    const audited = check('audit');
    if (audited !== '') {
      const text = `would violate PodSecurity "${policyText(policy.audit)}": ${audited}`;
      annotate?.(`${PREFIX}audit-violations`, text);
    }
    const broken = enforced ? check('enforce') : '';
    if (broken !== '') {
      const text = `violates PodSecurity "${policyText(policy.enforce)}": ${broken}`;
      throw admissionForbidden(attributes, text);
    }
    const warned = check('warn');
    if (warned !== '') warn(`would violate PodSecurity "${policyText(policy.warn)}": ${warned}`);
  }

  /** Models ValidateNamespace: labels must be right, and who makes them stricter hears of pods that break them. */
  async #validateNamespace(attributes: AdmissionAttributes, namespace: KubeObject): Promise<void> {
    const { kind, oldObject } = attributes;
    const policy = policyOf(namespace.metadata.labels ?? {});
    const old = oldObject === undefined ? undefined : policyOf(oldObject.metadata.labels ?? {});
    const messages = policy.errors.map(({ message }) => message).join();
    if (messages !== '' && messages !== old?.errors.map(({ message }) => message).join()) {
      throw invalidError(kind, namespace.metadata.name ?? '', policy.errors);
    }
    if (old === undefined) return;
    const { enforce } = policy;
    if (policyText(enforce) === policyText(old.enforce) || enforce.level === 'privileged') return;
    const relaxed = compareLevels(enforce.level, old.enforce.level) <= 0;
    if (enforce.version === old.enforce.version && relaxed) return;
    const name = namespace.metadata.name!;
    const pods = await this.#services.reader.list({ group: '', resource: 'pods' }, name);
    for (const text of existingViolations(name, enforce, pods)) attributes.warn(text);
  }
}

/** Of what may change in a pod only images, and containers that are added, matter. */
function isSignificantUpdate(spec: PodSpec, old: PodSpec): boolean {
  const differ = (now: readonly Container[] = [], before: readonly Container[] = []) =>
    now.length !== before.length || now.some(({ image }, index) => image !== before[index]!.image);
  if (differ(spec.containers, old.containers) || differ(spec.initContainers, old.initContainers)) return true;
  return (spec.ephemeralContainers ?? []).some(
    ({ name, image }) => old.ephemeralContainers?.find((other) => other.name === name)?.image !== image,
  );
}
