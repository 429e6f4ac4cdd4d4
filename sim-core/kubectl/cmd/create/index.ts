import { clusterRoleBinding, roleBinding } from './role-binding.ts';
import { clusterRole, role } from './role.ts';
import { configMap } from './config-map.ts';
import { createFromFiles, createSubcommand } from './create.ts';
import { deployment } from './deployment.ts';
import { ingress } from './ingress.ts';
import { cronJob, job } from './job.ts';
import { namespace } from './namespace.ts';
import { podDisruptionBudget, priorityClass, quota } from './policies.ts';
import { secret } from './secret.ts';
import { serviceAccount } from './service-account.ts';
import { service } from './service.ts';
import { token } from './token.ts';

export const create = createFromFiles([
  createSubcommand(namespace),
  createSubcommand(quota),
  secret,
  createSubcommand(configMap),
  createSubcommand(serviceAccount),
  service,
  createSubcommand(deployment),
  createSubcommand(clusterRole),
  createSubcommand(clusterRoleBinding),
  createSubcommand(role),
  createSubcommand(roleBinding),
  createSubcommand(podDisruptionBudget),
  createSubcommand(priorityClass),
  createSubcommand(job),
  createSubcommand(cronJob),
  createSubcommand(ingress),
  token,
]);
