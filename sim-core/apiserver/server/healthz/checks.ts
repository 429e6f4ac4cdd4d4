import type { HealthCheck } from './healthz.ts';

/** Names of a kube-apiserver's post-start hooks, in the order in which readyz lists them. */
const POST_START_HOOKS = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'peer-endpoint-reconciler-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'storage-readiness',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'aggregator-reload-proxy-client-cert',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
] as const;
const OPENAPI_HOOKS = ['apiservice-openapi-controller', 'apiservice-openapiv3-controller'] as const;

/** What the checks look at. */
export interface ServerHealth {
  /** Rejects if etcd does not answer. */
  etcd(): Promise<void>;
  readonly cachesReady: boolean;
  readonly shuttingDown: boolean;
  /** True once the post-start hook has done its work. */
  hookFinished(name: string): boolean;
}

/** The checks of the three health endpoints of a kube-apiserver v1.36. */
export function healthChecks(health: ServerHealth): Readonly<Record<string, readonly HealthCheck[]>> {
  const check = (name: string, run: () => Promise<void> | void): HealthCheck => ({
    name,
    check: async () => run(),
  });
  const require = (holds: boolean, complaint: string) => {
    if (!holds) throw new Error(complaint);
  };
  const hook = (name: string) =>
    check(`poststarthook/${name}`, () => require(health.hookFinished(name), 'not finished'));
  const first = [check('ping', () => {}), check('log', () => {}), check('etcd', () => health.etcd())];
  const ready = [
    check('etcd-readiness', () => health.etcd()),
    check('informer-sync', () => require(health.cachesReady, 'informers not started yet')),
  ];
  const hooks = [
    ...POST_START_HOOKS.map(hook),
    check('autoregister-completion', () => {}),
    ...OPENAPI_HOOKS.map(hook),
  ];
  const live = [...first, ...hooks];
  return {
    healthz: live,
    livez: live,
    readyz: [
      ...first,
      ...ready,
      ...hooks,
      check('shutdown', () => require(!health.shuttingDown, 'process is shutting down')),
    ],
  };
}
