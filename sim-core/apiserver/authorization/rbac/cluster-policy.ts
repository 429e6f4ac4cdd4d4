import type { PolicyRule } from '../authorizer.ts';
import { NODE_RULES } from './node-rules.ts';
import { EVENTS_RULE, READ, READ_WRITE, rule, urlRule, WRITE } from './policy-rules.ts';

const VIEW_LABEL = 'rbac.authorization.k8s.io/aggregate-to-view';
const EDIT_LABEL = 'rbac.authorization.k8s.io/aggregate-to-edit';
const ADMIN_LABEL = 'rbac.authorization.k8s.io/aggregate-to-admin';
const APPS_WRITABLE =
  'daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,replicasets/scale';
const APPS_READABLE =
  'daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,' +
  'replicasets,replicasets/scale,replicasets/status';

/** A cluster role as the policy describes it. */
export interface ClusterRolePolicy {
  readonly rules: readonly PolicyRule[] | null;
  /** This role's rules become a part of the roles that select the label. */
  readonly aggregateTo?: string;
  /** This role's rules are those of all roles with the label. */
  readonly aggregates?: string;
}

/**
 * Models plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go ClusterRoles.
 */
export const CLUSTER_ROLES: Readonly<Record<string, ClusterRolePolicy>> = {
  'cluster-admin': { rules: [rule('*', '*', '*'), urlRule('*', '*')] },
  'system:discovery': {
    rules: [
      urlRule(
        'get',
        '/livez,/readyz,/healthz,/version,/version/,/openapi,/openapi/*,/api,/api/*,/apis,/apis/*',
      ),
    ],
  },
  'system:monitoring': {
    rules: [urlRule('get', '/healthz,/healthz/*,/livez,/livez/*,/metrics,/metrics/slis,/readyz,/readyz/*')],
  },
  'system:basic-user': {
    rules: [
      rule('create', 'authorization', 'selfsubjectaccessreviews,selfsubjectrulesreviews'),
      rule('create', 'authentication', 'selfsubjectreviews'),
    ],
  },
  'system:public-info-viewer': {
    rules: [urlRule('get', '/livez,/readyz,/healthz,/version,/version/')],
  },
  admin: { rules: null, aggregates: ADMIN_LABEL },
  edit: { rules: null, aggregates: EDIT_LABEL, aggregateTo: ADMIN_LABEL },
  view: { rules: null, aggregates: VIEW_LABEL, aggregateTo: EDIT_LABEL },
  'system:aggregate-to-admin': {
    aggregateTo: ADMIN_LABEL,
    rules: [
      rule('create', 'authorization', 'localsubjectaccessreviews'),
      rule(READ_WRITE, 'rbac', 'rolebindings,roles'),
    ],
  },
  'system:aggregate-to-edit': {
    aggregateTo: EDIT_LABEL,
    rules: [
      rule(READ, 'core', 'pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy'),
      rule('impersonate', 'core', 'serviceaccounts'),
      rule(WRITE, 'core', 'pods,pods/attach,pods/exec,pods/portforward,pods/proxy'),
      rule('create', 'core', 'pods/eviction'),
      rule(
        WRITE,
        'core',
        'configmaps,events,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,' +
          'secrets,serviceaccounts,services,services/proxy',
      ),
      rule('create', 'core', 'serviceaccounts/token'),
      rule(WRITE, 'apps', `${APPS_WRITABLE},statefulsets,statefulsets/scale`),
      rule(WRITE, 'autoscaling', 'horizontalpodautoscalers'),
      rule(WRITE, 'batch', 'cronjobs,jobs'),
      rule(WRITE, 'extensions', `${APPS_WRITABLE},ingresses,networkpolicies,replicationcontrollers/scale`),
      rule(WRITE, 'policy', 'poddisruptionbudgets'),
      rule(WRITE, 'networking', 'ingresses,networkpolicies'),
      rule(READ_WRITE, 'coordination', 'leases'),
    ],
  },
  'system:aggregate-to-view': {
    aggregateTo: VIEW_LABEL,
    rules: [
      rule(
        READ,
        'core',
        'configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,' +
          'replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,services/status',
      ),
      rule(
        READ,
        'core',
        'bindings,events,limitranges,namespaces/status,pods/log,pods/status,' +
          'replicationcontrollers/status,resourcequotas,resourcequotas/status',
      ),
      rule(READ, 'core', 'namespaces'),
      rule(READ, 'discovery', 'endpointslices'),
      rule(
        READ,
        'apps',
        `controllerrevisions,${APPS_READABLE},statefulsets,statefulsets/scale,statefulsets/status`,
      ),
      rule(READ, 'autoscaling', 'horizontalpodautoscalers,horizontalpodautoscalers/status'),
      rule(READ, 'batch', 'cronjobs,cronjobs/status,jobs,jobs/status'),
      rule(
        READ,
        'extensions',
        `${APPS_READABLE},ingresses,ingresses/status,networkpolicies,replicationcontrollers/scale`,
      ),
      rule(READ, 'policy', 'poddisruptionbudgets,poddisruptionbudgets/status'),
      rule(READ, 'networking', 'ingresses,ingresses/status,networkpolicies'),
    ],
  },
  'system:heapster': {
    rules: [rule(READ, 'core', 'events,namespaces,nodes,pods'), rule(READ, 'extensions', 'deployments')],
  },
  'system:node': { rules: NODE_RULES },
  'system:node-problem-detector': {
    rules: [rule('get', 'core', 'nodes'), rule('patch', 'core', 'nodes/status'), EVENTS_RULE],
  },
  'system:kubelet-api-admin': {
    rules: [
      rule(READ, 'core', 'nodes'),
      rule('proxy', 'core', 'nodes'),
      rule('*', 'core', 'nodes/log,nodes/metrics,nodes/proxy,nodes/stats'),
    ],
  },
  'system:node-bootstrapper': {
    rules: [rule('create,get,list,watch', 'certificates', 'certificatesigningrequests')],
  },
  'system:auth-delegator': {
    rules: [
      rule('create', 'authentication', 'tokenreviews'),
      rule('create', 'authorization', 'subjectaccessreviews'),
    ],
  },
  'system:kube-aggregator': { rules: [rule(READ, 'core', 'endpoints,services')] },
  'system:kube-controller-manager': {
    rules: [
      EVENTS_RULE,
      rule('create', 'coordination', 'leases'),
      rule('get,update', 'coordination', 'leases', 'kube-controller-manager'),
      rule('create', 'core', 'secrets,serviceaccounts'),
      rule('delete', 'core', 'secrets'),
      rule('get', 'core', 'configmaps,namespaces,secrets,serviceaccounts'),
      rule('update', 'core', 'secrets,serviceaccounts'),
      rule('create', 'authentication', 'tokenreviews'),
      rule('create', 'authorization', 'subjectaccessreviews'),
      rule('list,watch', '*', '*'),
      rule('create', 'core', 'serviceaccounts/token'),
    ],
  },
  'system:kube-dns': { rules: [rule('list,watch', 'core', 'endpoints,services')] },
  'system:persistent-volume-provisioner': {
    rules: [
      rule('create,delete,get,list,watch', 'core', 'persistentvolumes'),
      rule('get,list,update,watch', 'core', 'persistentvolumeclaims'),
      rule(READ, 'storage', 'storageclasses'),
      rule('watch', 'core', 'events'),
      EVENTS_RULE,
    ],
  },
  'system:certificates.k8s.io:certificatesigningrequests:nodeclient': {
    rules: [rule('create', 'certificates', 'certificatesigningrequests/nodeclient')],
  },
  'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient': {
    rules: [rule('create', 'certificates', 'certificatesigningrequests/selfnodeclient')],
  },
  'system:volume-scheduler': {
    rules: [
      rule('get,list,patch,update,watch', 'core', 'persistentvolumes'),
      rule(READ, 'storage', 'storageclasses'),
      rule('get,list,patch,update,watch', 'core', 'persistentvolumeclaims'),
    ],
  },
  'system:certificates.k8s.io:legacy-unknown-approver': {
    rules: [rule('approve', 'certificates', 'signers', 'kubernetes.io/legacy-unknown')],
  },
  'system:certificates.k8s.io:kubelet-serving-approver': {
    rules: [rule('approve', 'certificates', 'signers', 'kubernetes.io/kubelet-serving')],
  },
  'system:certificates.k8s.io:kube-apiserver-client-approver': {
    rules: [rule('approve', 'certificates', 'signers', 'kubernetes.io/kube-apiserver-client')],
  },
  'system:certificates.k8s.io:kube-apiserver-client-kubelet-approver': {
    rules: [rule('approve', 'certificates', 'signers', 'kubernetes.io/kube-apiserver-client-kubelet')],
  },
  'system:service-account-issuer-discovery': {
    rules: [
      urlRule(
        'get',
        '/.well-known/openid-configuration,/.well-known/openid-configuration/,/openid/v1/jwks,/openid/v1/jwks/',
      ),
    ],
  },
  'system:node-proxier': {
    rules: [
      rule('list,watch', 'core', 'endpoints,services'),
      rule(READ, 'core', 'nodes'),
      EVENTS_RULE,
      rule('list,watch', 'discovery', 'endpointslices'),
    ],
  },
  'system:kube-scheduler': {
    rules: [
      EVENTS_RULE,
      rule('create', 'coordination', 'leases'),
      rule('get,update', 'coordination', 'leases', 'kube-scheduler'),
      rule(READ, 'core', 'nodes'),
      rule('delete,get,list,watch', 'core', 'pods'),
      rule('create', 'core', 'bindings,pods/binding'),
      rule('patch,update', 'core', 'pods/status'),
      rule(READ, 'core', 'replicationcontrollers,services'),
      rule(READ, 'apps,extensions', 'replicasets'),
      rule(READ, 'apps', 'statefulsets'),
      rule(READ, 'policy', 'poddisruptionbudgets'),
      rule(READ, 'core', 'persistentvolumeclaims,persistentvolumes'),
      rule('create', 'authentication', 'tokenreviews'),
      rule('create', 'authorization', 'subjectaccessreviews'),
      rule(READ, 'storage', 'csinodes'),
      rule(READ, 'core', 'namespaces'),
      rule(READ, 'storage', 'csidrivers'),
      rule(READ, 'storage', 'csistoragecapacities'),
    ],
  },
};
