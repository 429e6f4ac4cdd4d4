import type { PolicyRule } from '../authorizer.ts';
import { READ, rule } from './policy-rules.ts';

/**
 * What every kubelet may do; the node authorizer narrows reads to what its pods need.
 * Models plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go NodeRules.
 */
export const NODE_RULES: readonly PolicyRule[] = [
  rule('create', 'authentication', 'tokenreviews'),
  rule('create', 'authorization', 'localsubjectaccessreviews,subjectaccessreviews'),
  rule(READ, 'core', 'services'),
  rule('create,get,list,watch', 'core', 'nodes'),
  rule('patch,update', 'core', 'nodes/status'),
  rule('patch,update', 'core', 'nodes'),
  rule('create,patch,update', 'core', 'events'),
  rule(READ, 'core', 'pods'),
  rule('create,delete', 'core', 'pods'),
  rule('patch,update', 'core', 'pods/status'),
  rule('create', 'core', 'pods/eviction'),
  rule(READ, 'core', 'configmaps,secrets'),
  rule('get', 'core', 'persistentvolumeclaims,persistentvolumes'),
  rule('get', 'core', 'endpoints'),
  rule('create,get,list,watch', 'certificates', 'certificatesigningrequests'),
  rule('create,delete,get,patch,update', 'coordination', 'leases'),
  rule('get', 'storage', 'volumeattachments'),
  rule('create', 'core', 'serviceaccounts/token'),
  rule('get,patch,update', 'core', 'persistentvolumeclaims/status'),
  rule(READ, 'storage', 'csidrivers'),
  rule('create,delete,get,patch,update', 'storage', 'csinodes'),
  rule(READ, 'node', 'runtimeclasses'),
];
