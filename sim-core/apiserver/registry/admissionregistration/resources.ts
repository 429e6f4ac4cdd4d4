import type { KubeObject } from '../../../apimachinery/object.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { lazyColumns } from '../lazy-columns.ts';
import { lazyStrategy } from '../lazy-strategy.ts';
import { statusOnly } from '../generation.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('admissionregistration.k8s.io', 'v1', 'io.k8s.api.admissionregistration.v1');

const columns = new LazyModule(() => import('./columns.ts'));
/** Validation compiles expressions: it is fetched when the first object is written. */
const strategies = new LazyModule(() => import('./strategies.ts'));

type Loose = Record<string, unknown>;

const fillRules = (rules: unknown) => {
  for (const rule of (rules ?? []) as Loose[]) rule['scope'] ??= '*';
};

/** Models SetDefaults_ValidatingWebhook and SetDefaults_MutatingWebhook. */
function fillWebhooks(object: KubeObject, mutating: boolean): void {
  for (const webhook of (object['webhooks'] ?? []) as Loose[]) {
    webhook['failurePolicy'] ??= 'Fail';
    webhook['matchPolicy'] ??= 'Equivalent';
    webhook['namespaceSelector'] ??= {};
    webhook['objectSelector'] ??= {};
    webhook['timeoutSeconds'] ??= 10;
    if (mutating) webhook['reinvocationPolicy'] ??= 'Never';
    fillRules(webhook['rules']);
    const service = (webhook['clientConfig'] as { service?: Loose } | undefined)?.service;
    if (service !== undefined) service['port'] ??= 443;
  }
}

/** Models SetDefaults_MatchResources. */
function fillMatchResources(resources: Loose | undefined): void {
  if (resources === undefined) return;
  resources['matchPolicy'] ??= 'Equivalent';
  resources['namespaceSelector'] ??= {};
  resources['objectSelector'] ??= {};
  fillRules(resources['resourceRules']);
  fillRules(resources['excludeResourceRules']);
}

function fillPolicy(object: KubeObject): void {
  object['spec'] ??= {};
  object['spec'].failurePolicy ??= 'Fail';
  fillMatchResources(object['spec'].matchConstraints as Loose | undefined);
}

function fillValidatingPolicy(object: KubeObject): void {
  fillPolicy(object);
  object['status'] ??= {};
}

function fillBinding(object: KubeObject): void {
  object['spec'] ??= {};
  fillMatchResources(object['spec'].matchResources as Loose | undefined);
}

/** Models pkg/registry/admissionregistration. */
export const admissionRegistrationResources: readonly ResourceDefinition[] = [
  row({
    kind: 'MutatingWebhookConfiguration',
    resource: 'mutatingwebhookconfigurations',
    categories: ['api-extensions'],
    namespaced: false,
    strategy: lazyStrategy(strategies, (loaded) => loaded.webhooks, {
      allowUnconditionalUpdate: false,
      fillDefaults: (object) => fillWebhooks(object, true),
    }),
    columns: lazyColumns(columns, (loaded) => loaded.mutatingwebhookconfigurations),
  }),
  row({
    kind: 'ValidatingWebhookConfiguration',
    resource: 'validatingwebhookconfigurations',
    categories: ['api-extensions'],
    namespaced: false,
    strategy: lazyStrategy(strategies, (loaded) => loaded.webhooks, {
      allowUnconditionalUpdate: false,
      fillDefaults: (object) => fillWebhooks(object, false),
    }),
    columns: lazyColumns(columns, (loaded) => loaded.validatingwebhookconfigurations),
  }),
  row({
    kind: 'ValidatingAdmissionPolicy',
    resource: 'validatingadmissionpolicies',
    categories: ['api-extensions'],
    namespaced: false,
    strategy: lazyStrategy(strategies, ({ validatingPolicies }) => validatingPolicies, {
      fillDefaults: fillValidatingPolicy,
    }),
    status: statusOnly(fillValidatingPolicy),
    columns: lazyColumns(columns, (loaded) => loaded.validatingadmissionpolicies),
  }),
  row({
    kind: 'ValidatingAdmissionPolicyBinding',
    resource: 'validatingadmissionpolicybindings',
    categories: ['api-extensions'],
    namespaced: false,
    strategy: lazyStrategy(strategies, ({ validatingBindings }) => validatingBindings, {
      fillDefaults: fillBinding,
    }),
    columns: lazyColumns(columns, (loaded) => loaded.validatingadmissionpolicybindings),
  }),
  row({
    kind: 'MutatingAdmissionPolicy',
    resource: 'mutatingadmissionpolicies',
    categories: ['api-extensions'],
    namespaced: false,
    strategy: lazyStrategy(strategies, ({ mutatingPolicies }) => mutatingPolicies, {
      fillDefaults: fillPolicy,
    }),
    columns: lazyColumns(columns, (loaded) => loaded.mutatingadmissionpolicies),
  }),
  row({
    kind: 'MutatingAdmissionPolicyBinding',
    resource: 'mutatingadmissionpolicybindings',
    categories: ['api-extensions'],
    namespaced: false,
    strategy: lazyStrategy(strategies, ({ mutatingBindings }) => mutatingBindings, {
      fillDefaults: fillBinding,
    }),
    columns: lazyColumns(columns, (loaded) => loaded.mutatingadmissionpolicybindings),
  }),
];
