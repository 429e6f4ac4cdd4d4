import type { Container, PodSpec } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { invalidError } from '../../../../apimachinery/status.ts';
import { LazyModule } from '../../../../clock/lazy-module.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { admissionForbidden, isResource } from '../../errors.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../plugin.ts';
import type { PodSecurityConfiguration } from './configuration.ts';
import { DEFAULT_CONFIGURATION } from './configuration.ts';
import type { Policy } from './policy.ts';
import { compareLevels, isPrivileged, policyOf, policyText, PREFIX } from './policy.ts';
import type * as StandardsModule from './standards.ts';

type Standards = typeof StandardsModule;

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
  readonly resources = ['/namespaces', '/pods', '/pods/*', ...Object.keys(TEMPLATES)];
  readonly #services: Pick<ServerServices, 'clock' | 'reader'>;
  readonly #configuration: PodSecurityConfiguration;
  /** Fetched where a namespace is not privileged. */
  readonly #module = new LazyModule(() => import('./standards.ts'));
  #standards: Standards | undefined;

  constructor(
    services: Pick<ServerServices, 'clock' | 'reader'>,
    { podSecurity = DEFAULT_CONFIGURATION }: { readonly podSecurity?: PodSecurityConfiguration } = {},
  ) {
    this.#services = services;
    this.#configuration = podSecurity;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation === 'CREATE' || operation === 'UPDATE';
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const { object, resource, subresource, oldObject } = attributes;
    if (object === undefined) return;
    if (isResource(attributes, '', 'namespaces')) return this.#validateNamespace(attributes, object);
    const key = `${resource.group}/${resource.resource}`;
    const isPod = key === '/pods';
    if (isPod ? IGNORED_SUBRESOURCES.has(subresource) : subresource !== '') return;
    const template = isPod ? object : TEMPLATES[key]?.(object);
    if (template === undefined) return;
    const exemption = this.#exemption(attributes);
    if (exemption !== undefined) return exempt(attributes, exemption);
    const policy = await this.#policyIn(attributes.namespace);
    if (policy.errors.length === 0) {
      if (isPod ? isPrivileged(policy) : isPrivileged({ ...policy, enforce: policy.warn })) {
        if (isPod) attributes.annotate?.(`${PREFIX}enforce-policy`, policyText(policy.enforce));
        return;
      }
    }
    if (isPod && oldObject !== undefined && !isSignificantUpdate(object.spec, oldObject.spec)) return;
    await this.#evaluate(attributes, template, policy, isPod);
  }

  async #loadStandards(): Promise<Standards> {
    return (this.#standards ??= await this.#module.load(this.#services.clock));
  }

  #exemption({ namespace, user }: AdmissionAttributes): Exemption | undefined {
    const { namespaces, usernames } = this.#configuration.exemptions;
    if (namespace !== '' && namespaces.includes(namespace)) return 'namespace';
    return user.name !== '' && usernames.includes(user.name) ? 'user' : undefined;
  }

  #isExemptClass({ spec }: Template): boolean {
    return this.#configuration.exemptions.runtimeClasses.includes(spec?.runtimeClassName || '\0');
  }

  async #policyIn(namespace: string): Promise<Policy> {
    const object = await this.#services.reader.get(NAMESPACES, '', namespace);
    return policyOf(object?.metadata.labels ?? {}, this.#configuration.defaults);
  }

  /** Models EvaluatePod. */
  async #evaluate(
    attributes: AdmissionAttributes,
    pod: Template,
    policy: Policy,
    enforced: boolean,
  ): Promise<void> {
    const { annotate, warn } = attributes;
    if (pod.spec === undefined) return;
    if (this.#isExemptClass(pod)) return exempt(attributes, 'runtimeClass');
    if (policy.errors.length > 0) {
      annotate?.(`${PREFIX}error`, `Failed to parse policy: ${messagesOf(policy)}`);
    }
    const { violationsOf, violationText } = await this.#loadStandards();
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
    const { kind, oldObject, warn } = attributes;
    const name = namespace.metadata.name ?? '';
    const { defaults, exemptions } = this.#configuration;
    const policy = policyOf(namespace.metadata.labels ?? {}, defaults);
    const old = oldObject === undefined ? undefined : policyOf(oldObject.metadata.labels ?? {}, defaults);
    if (policy.errors.length > 0 && (old === undefined || messagesOf(policy) !== messagesOf(old))) {
      throw invalidError(kind, name, policy.errors);
    }
    const { enforce } = policy;
    if (old !== undefined) {
      if (policyText(enforce) === policyText(old.enforce) || enforce.level === 'privileged') return;
      const relaxed = compareLevels(enforce.level, old.enforce.level) <= 0;
      if (enforce.version === old.enforce.version && relaxed) return;
    }
    if (exemptions.namespaces.includes(attributes.namespace)) {
      const text = this.#exemptNamespaceWarning(namespace, policy);
      if (text !== undefined) warn(text);
      return;
    }
    if (old === undefined) return;
    const pods = await this.#services.reader.list({ group: '', resource: 'pods' }, name);
    const { existingViolations } = await this.#loadStandards();
    for (const text of existingViolations(name, enforce, pods, (pod) => this.#isExemptClass(pod))) warn(text);
  }

  /** What to say of labels that mean nothing. Models exemptNamespaceWarning. */
  #exemptNamespaceWarning({ metadata }: KubeObject, policy: Policy): string | undefined {
    if (isPrivileged(policy) || isEquivalent(policy, this.#configuration.defaults)) return undefined;
    const labels = metadata.labels ?? {};
    const shown = (['enforce', 'audit', 'warn'] as const).filter(
      (mode) =>
        policy[mode].level !== 'privileged' &&
        (labels[PREFIX + mode] !== undefined || labels[`${PREFIX}${mode}-version`] !== undefined),
    );
    const text = shown.map((mode) => `${mode}=${policyText(policy[mode])}`).join(', ');
    return `namespace "${metadata.name}" is exempt from Pod Security, and the policy (${text}) will be ignored`;
  }
}

type Exemption = 'namespace' | 'user' | 'runtimeClass';

function exempt({ annotate }: AdmissionAttributes, why: Exemption): void {
  annotate?.(`${PREFIX}exempt`, why);
}

const messagesOf = ({ errors }: Policy) => errors.map(({ message }) => message).join();

/** Versions of what is privileged make no difference. Models Policy.Equivalent. */
function isEquivalent(a: Omit<Policy, 'errors'>, b: Omit<Policy, 'errors'>): boolean {
  return (['enforce', 'audit', 'warn'] as const).every(
    (mode) =>
      a[mode].level === b[mode].level &&
      (a[mode].level === 'privileged' || a[mode].version === b[mode].version),
  );
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
