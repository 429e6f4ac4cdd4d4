import type { Flags } from './flags.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Flags that all components have: serving, authentication, logging, feature gates. */
const COMMON = `allow-metric-labels allow-metric-labels-manifest authentication-kubeconfig authentication-skip-lookup
  authentication-token-webhook-cache-ttl authentication-tolerate-lookup-failure authorization-always-allow-paths
  authorization-kubeconfig authorization-webhook-cache-authorized-ttl authorization-webhook-cache-unauthorized-ttl
  bind-address cert-dir client-ca-file contention-profiling disable-http2-serving disabled-metrics emulated-version
  emulation-forward-compatible feature-gates help http2-max-streams-per-connection kube-api-burst
  kube-api-content-type kube-api-qps kubeconfig leader-elect leader-elect-lease-duration leader-elect-renew-deadline
  leader-elect-resource-lock leader-elect-resource-name leader-elect-resource-namespace leader-elect-retry-period
  log-flush-frequency log-json-info-buffer-size log-json-split-stream log-text-info-buffer-size log-text-split-stream
  logging-format master min-compatibility-version permit-address-sharing permit-port-sharing profiling
  requestheader-allowed-names requestheader-client-ca-file requestheader-extra-headers-prefix
  requestheader-group-headers requestheader-uid-headers requestheader-username-headers secure-port
  show-hidden-metrics-for-version tls-cert-file tls-cipher-suites tls-min-version tls-private-key-file
  tls-sni-cert-key v version vmodule`;

export const KUBE_SCHEDULER_FLAGS = words(
  `${COMMON} config pod-max-in-unschedulable-pods-duration write-config-to`,
);

export const KUBE_CONTROLLER_MANAGER_FLAGS = words(`${COMMON} allocate-node-cidrs
  attach-detach-reconcile-sync-period cidr-allocator-type cloud-config cloud-provider cluster-cidr cluster-name
  cluster-signing-cert-file cluster-signing-duration cluster-signing-key-file
  cluster-signing-kube-apiserver-client-cert-file cluster-signing-kube-apiserver-client-key-file
  cluster-signing-kubelet-client-cert-file cluster-signing-kubelet-client-key-file
  cluster-signing-kubelet-serving-cert-file cluster-signing-kubelet-serving-key-file
  cluster-signing-legacy-unknown-cert-file cluster-signing-legacy-unknown-key-file concurrent-cron-job-syncs
  concurrent-daemonset-syncs concurrent-deployment-syncs concurrent-endpoint-syncs concurrent-ephemeralvolume-syncs
  concurrent-gc-syncs concurrent-horizontal-pod-autoscaler-syncs concurrent-job-syncs concurrent-namespace-syncs
  concurrent-rc-syncs concurrent-replicaset-syncs concurrent-resource-quota-syncs
  concurrent-service-endpoint-syncs concurrent-service-syncs concurrent-serviceaccount-token-syncs
  concurrent-statefulset-syncs concurrent-ttl-after-finished-syncs
  concurrent-validating-admission-policy-status-syncs configure-cloud-routes controller-start-interval controllers
  disable-attach-detach-reconcile-sync disable-force-detach-on-timeout enable-dynamic-provisioning
  enable-garbage-collector enable-hostpath-provisioner enable-leader-migration endpoint-updates-batch-period
  endpointslice-updates-batch-period external-cloud-volume-plugin flex-volume-plugin-dir
  horizontal-pod-autoscaler-cpu-initialization-period horizontal-pod-autoscaler-downscale-stabilization
  horizontal-pod-autoscaler-initial-readiness-delay horizontal-pod-autoscaler-sync-period
  horizontal-pod-autoscaler-tolerance large-cluster-size-threshold leader-migration-config
  legacy-service-account-token-clean-up-period max-endpoints-per-slice min-resync-period
  mirroring-concurrent-service-endpoint-syncs mirroring-endpointslice-updates-batch-period
  mirroring-max-endpoints-per-subset namespace-sync-period node-cidr-mask-size node-cidr-mask-size-ipv4
  node-cidr-mask-size-ipv6 node-eviction-rate node-monitor-grace-period node-monitor-period
  node-startup-grace-period node-sync-period pv-recycler-increment-timeout-nfs
  pv-recycler-minimum-timeout-hostpath pv-recycler-minimum-timeout-nfs pv-recycler-pod-template-filepath-hostpath
  pv-recycler-pod-template-filepath-nfs pv-recycler-timeout-increment-hostpath pvclaimbinder-sync-period
  resource-quota-sync-period root-ca-file route-reconciliation-period secondary-node-eviction-rate
  service-account-private-key-file service-cluster-ip-range terminated-pod-gc-threshold unhealthy-zone-threshold
  use-service-account-credentials`);

type FlagType = 'int' | 'bool' | 'duration' | 'ip';

const PARSERS: Readonly<Record<FlagType, { readonly form: RegExp; problem(value: string): string }>> = {
  int: {
    form: /^[-+]?\d+$/,
    problem: (value) => `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`,
  },
  bool: {
    form: /^(1|0|t|f|T|F|true|false|TRUE|FALSE|True|False)$/,
    problem: (value) => `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`,
  },
  duration: {
    form: /^(0|[-+]?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+)$/,
    problem: (value) =>
      /^\d+$/.test(value)
        ? `time: missing unit in duration ${JSON.stringify(value)}`
        : `time: invalid duration ${JSON.stringify(value)}`,
  },
  ip: {
    form: /^(\d{1,3}(\.\d{1,3}){3}|[\da-f]*:[\da-f:]*)$/i,
    problem: (value) => `failed to parse IP: ${JSON.stringify(value)}`,
  },
};

/** Types of the flags that are not plain texts. */
const TYPES: ReadonlyMap<string, FlagType> = new Map(
  (
    [
      ['int', 'secure-port v max-requests-inflight max-mutating-requests-inflight audit-log-maxage audit-log-maxbackup audit-log-maxsize apiserver-count node-cidr-mask-size kube-api-burst terminated-pod-gc-threshold min-request-timeout'],
      ['bool', 'allow-privileged anonymous-auth enable-bootstrap-token-auth profiling leader-elect allocate-node-cidrs use-service-account-credentials enable-garbage-collector service-account-lookup enable-aggregator-routing audit-log-compress'],
      ['duration', 'node-monitor-grace-period node-monitor-period leader-elect-lease-duration leader-elect-renew-deadline leader-elect-retry-period cluster-signing-duration request-timeout event-ttl etcd-compaction-interval shutdown-delay-duration min-resync-period'],
      ['ip', 'advertise-address bind-address'],
    ] as const
  ).flatMap(([type, names]) => names.split(' ').map((name): [string, FlagType] => [name, type])),
); // prettier-ignore

/**
 * The line with which a component ends that cannot make sense of its command line; undefined if it can.
 *
 *     Error: unknown flag: --authorization-modus
 *
 * Models github.com/spf13/pflag FlagSet.Parse under cobra.
 */
export function flagError(component: string, flags: Flags, known: ReadonlySet<string>): string | undefined {
  const line = (text: string) => `Error: ${text}\n`;
  for (const [name, value] of flags.entries()) {
    if (!known.has(name)) return line(`unknown flag: --${name}`);
    const type = TYPES.get(name);
    if (type === undefined || PARSERS[type].form.test(value)) continue;
    return line(
      `invalid argument ${JSON.stringify(value)} for "--${name}" flag: ${PARSERS[type].problem(value)}`,
    );
  }
  const [shorthand] = flags.shorthands;
  if (shorthand !== undefined) return line(`unknown shorthand flag: '${shorthand[1]}' in ${shorthand}`);
  if (flags.operands.length > 0) {
    return line(
      `${component} does not take any arguments, got [${flags.operands.map((word) => JSON.stringify(word)).join(' ')}]`,
    );
  }
  return undefined;
}
