import type { KubeObject } from '../../../apimachinery/object.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { AGE, column } from '../../printers/columns.ts';
import { lazyStrategy } from '../lazy-strategy.ts';
import { statusOnly } from '../generation.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import type {
  MutatingPolicySpec,
  Policy,
  PolicyBinding,
  ValidatingPolicySpec,
  WebhookConfiguration,
} from './types.ts';

const row = rowsOf('admissionregistration.k8s.io', 'v1', 'io.k8s.api.admissionregistration.v1');
const GROUP = 'io.k8s.api.admissionregistration.v1';

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

const webhooks = column(
  'Webhooks',
  'integer',
  'Webhooks indicates the number of webhooks registered in this configuration',
  (object) => ((object as WebhookConfiguration).webhooks ?? []).length,
);
const paramKind = column(
  'ParamKind',
  'string',
  { of: `${GROUP}.ValidatingAdmissionPolicySpec`, field: 'paramKind' },
  (object) => {
    const kind = (object as Policy<ValidatingPolicySpec>).spec.paramKind;
    return kind === undefined ? '<unset>' : `${kind.apiVersion}/${kind.kind}`;
  },
);
const policyName = column(
  'PolicyName',
  'string',
  { of: `${GROUP}.ValidatingAdmissionPolicyBindingSpec`, field: 'policyName' },
  (object) => (object as PolicyBinding).spec.policyName,
);
const paramRef = column(
  'ParamRef',
  'string',
  { of: `${GROUP}.ValidatingAdmissionPolicyBindingSpec`, field: 'paramRef' },
  (object) => {
    const ref = (object as PolicyBinding).spec.paramRef;
    if (ref === undefined) return '<unset>';
    if (ref.name) return ref.namespace ? `${ref.namespace}/${ref.name}` : `*/${ref.name}`;
    return '*';
  },
);

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
    columns: [webhooks, AGE],
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
    columns: [webhooks, AGE],
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
    columns: [
      column(
        'Validations',
        'integer',
        'Validations indicates the number of validation rules defined in this configuration',
        (object) => ((object as Policy<ValidatingPolicySpec>).spec.validations ?? []).length,
      ),
      paramKind,
      AGE,
    ],
  }),
  row({
    kind: 'ValidatingAdmissionPolicyBinding',
    resource: 'validatingadmissionpolicybindings',
    categories: ['api-extensions'],
    namespaced: false,
    strategy: lazyStrategy(strategies, ({ validatingBindings }) => validatingBindings, {
      fillDefaults: fillBinding,
    }),
    columns: [policyName, paramRef, AGE],
  }),
  row({
    kind: 'MutatingAdmissionPolicy',
    resource: 'mutatingadmissionpolicies',
    categories: ['api-extensions'],
    namespaced: false,
    strategy: lazyStrategy(strategies, ({ mutatingPolicies }) => mutatingPolicies, {
      fillDefaults: fillPolicy,
    }),
    columns: [
      column(
        'Mutations',
        'integer',
        'Mutation indicates the number of mutations rules defined in this configuration',
        (object) => ((object as Policy<MutatingPolicySpec>).spec.mutations ?? []).length,
      ),
      paramKind,
      AGE,
    ],
  }),
  row({
    kind: 'MutatingAdmissionPolicyBinding',
    resource: 'mutatingadmissionpolicybindings',
    categories: ['api-extensions'],
    namespaced: false,
    strategy: lazyStrategy(strategies, ({ mutatingBindings }) => mutatingBindings, {
      fillDefaults: fillBinding,
    }),
    columns: [policyName, paramRef, AGE],
  }),
];
