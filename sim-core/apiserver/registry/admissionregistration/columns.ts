import { AGE, column } from '../../printers/columns.ts';
import type { TableColumn } from '../rest/resource.ts';
import type {
  MutatingPolicySpec,
  Policy,
  PolicyBinding,
  ValidatingPolicySpec,
  WebhookConfiguration,
} from './types.ts';

const GROUP = 'io.k8s.api.admissionregistration.v1';

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

export const mutatingwebhookconfigurations: readonly TableColumn[] = [webhooks, AGE];

export const validatingwebhookconfigurations: readonly TableColumn[] = [webhooks, AGE];

export const validatingadmissionpolicies: readonly TableColumn[] = [
  column(
    'Validations',
    'integer',
    'Validations indicates the number of validation rules defined in this configuration',
    (object) => ((object as Policy<ValidatingPolicySpec>).spec.validations ?? []).length,
  ),
  paramKind,
  AGE,
];

export const validatingadmissionpolicybindings: readonly TableColumn[] = [policyName, paramRef, AGE];

export const mutatingadmissionpolicies: readonly TableColumn[] = [
  column(
    'Mutations',
    'integer',
    'Mutation indicates the number of mutations rules defined in this configuration',
    (object) => ((object as Policy<MutatingPolicySpec>).spec.mutations ?? []).length,
  ),
  paramKind,
  AGE,
];

export const mutatingadmissionpolicybindings: readonly TableColumn[] = [policyName, paramRef, AGE];
