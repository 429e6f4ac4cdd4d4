import type { ClusterRole, PolicyRule } from 'kubernetes-types/rbac/v1';
import { deepEqual, semanticEqual } from '../../apimachinery/copy.ts';
import { labelSelectorAsSelector } from '../../apimachinery/labels/selector.ts';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import type { Controller, ControllerContext } from '../controller-context.ts';

/**
 * Gives ClusterRoles that aggregate others the rules of those.
 * Models pkg/controller/clusterroleaggregation ClusterRoleAggregationController.
 */
export class ClusterRoleAggregationController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #roles: Lister<ClusterRole>;
  readonly #aggregating = new Set<string>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    const roles = context.informers.for<ClusterRole>(RESOURCES.clusterRoles);
    this.#roles = roles.lister;
    const onRole = (role: ClusterRole) => {
      const name = role.metadata!.name!;
      if (role.aggregationRule === undefined) this.#aggregating.delete(name);
      else this.#aggregating.add(name);
      this.#enqueueAll();
    };
    roles.addHandler({
      onAdd: onRole,
      onUpdate: (_, role) => onRole(role),
      onDelete: (role) => {
        this.#aggregating.delete(role.metadata!.name!);
        this.#enqueueAll();
      },
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, 5, (name) => this.#sync(name));
  }

  #enqueueAll(): void {
    for (const name of this.#aggregating) this.#queue.add(name);
  }

  async #sync(name: string): Promise<void> {
    const role = this.#roles.getByKey(name);
    if (role?.aggregationRule === undefined) return;
    const rules: PolicyRule[] = [];
    for (const selector of role.aggregationRule.clusterRoleSelectors ?? []) {
      const compiled = labelSelectorAsSelector(selector);
      const chosen = this.#roles
        .list()
        .filter((other) => other.metadata!.name !== name && compiled.matches(other.metadata!.labels))
        .sort((a, b) => (a.metadata!.name! < b.metadata!.name! ? -1 : 1));
      for (const rule of chosen.flatMap((other) => other.rules ?? [])) {
        if (!rules.some((known) => deepEqual(known, rule))) rules.push(rule);
      }
    }
    if (semanticEqual(rules, role.rules)) return;
    const applied = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name },
      rules,
    };
    const { client } = this.#context;
    try {
      await client.patch(RESOURCES.clusterRoles, name, 'apply', applied, {
        query: { fieldManager: 'clusterrole-aggregation-controller', force: true },
      });
    } catch (error) {
      if (!isReason(error, 'UnsupportedMediaType')) throw error;
      await client.update(RESOURCES.clusterRoles, { ...role, rules } as { metadata: { name: string } });
    }
  }
}
