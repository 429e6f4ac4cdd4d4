import type { RequestInfo } from '../../endpoints/request-info.ts';
import { isLongRunning } from '../../endpoints/filters/long-running.ts';
import type { Metric } from './registry.ts';
import { Counter, Gauge, Histogram, joined } from './registry.ts';

/** Upper ends of the buckets of request durations, in seconds. */
const DURATIONS = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];
const SIZES = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
const RESOURCE_LABELS = ['group', 'resource', 'scope', 'subresource', 'verb', 'version'] as const;

/** What is read off when somebody asks, because nobody need count it. */
export interface MetricsSource {
  /** When the process began, in milliseconds. */
  readonly startedAt: number;
  readonly version: string;
  readonly gitCommit: string;
  /** Stored objects by resource: ["pods", 12], ["deployments.apps", 3]. */
  objectCounts(): Iterable<readonly [resource: string, count: number]>;
  priorityLevels(): Iterable<{
    readonly name: string;
    readonly executing: number;
    readonly waiting: number;
    readonly seats: number;
  }>;
}

/**
 * The counters of a kube-apiserver. Counting costs a look into a map per request; text is made when asked for.
 * Models k8s.io/apiserver/pkg/endpoints/metrics.
 */
export class ApiServerMetrics {
  readonly #requests = new Counter({
    name: 'apiserver_request_total',
    help: 'Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.',
    stability: 'STABLE',
    labels: ['code', 'component', 'dry_run', ...RESOURCE_LABELS],
  });
  readonly #durations = new Histogram(
    {
      name: 'apiserver_request_duration_seconds',
      help: 'Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.',
      stability: 'STABLE',
      labels: ['component', 'dry_run', ...RESOURCE_LABELS],
    },
    DURATIONS,
  );
  readonly #sizes = new Histogram(
    {
      name: 'apiserver_response_sizes',
      help: 'Response size distribution in bytes for each group, version, verb, resource, subresource, scope and component.',
      stability: 'STABLE',
      labels: ['component', ...RESOURCE_LABELS],
    },
    SIZES,
  );
  readonly #inFlight = new Gauge({
    name: 'apiserver_current_inflight_requests',
    help: 'Maximal number of currently used inflight request limit of this apiserver per request kind in last second.',
    stability: 'STABLE',
    labels: ['request_kind'],
  });
  readonly #longRunning = new Gauge({
    name: 'apiserver_longrunning_requests',
    help: 'Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. Not all requests are tracked this way.',
    stability: 'STABLE',
    labels: ['component', ...RESOURCE_LABELS],
  });
  readonly #terminations = new Counter({
    name: 'apiserver_request_terminations_total',
    help: 'Number of requests which apiserver terminated in self-defense.',
    labels: ['code', 'component', ...RESOURCE_LABELS],
  });
  readonly #authentications = new Counter({
    name: 'authentication_attempts',
    help: 'Counter of authenticated attempts.',
    labels: ['result'],
  });
  readonly #users = new Counter({
    name: 'authenticated_user_requests',
    help: 'Counter of authenticated requests broken out by username.',
    labels: ['username'],
  });
  readonly #authorizations = new Counter({
    name: 'authorization_attempts_total',
    help: 'Counter of authorization attempts broken down by result.',
    labels: ['result'],
  });
  readonly #rejections = new Counter({
    name: 'apiserver_flowcontrol_rejected_requests_total',
    help: 'Number of requests rejected by API Priority and Fairness subsystem',
    stability: 'BETA',
    labels: ['flow_schema', 'priority_level', 'reason'],
  });
  readonly #dispatches = new Counter({
    name: 'apiserver_flowcontrol_dispatched_requests_total',
    help: 'Number of requests executed by API Priority and Fairness subsystem',
    stability: 'BETA',
    labels: ['flow_schema', 'priority_level'],
  });
  readonly #auditEvents = new Counter({
    name: 'apiserver_audit_event_total',
    help: 'Counter of audit events generated and sent to the audit backend.',
  });

  /** A request begins; call what comes back with the status and the body of its answer when it is over. */
  begin(
    info: RequestInfo,
    method: string,
    dryRun: string,
    now: number,
  ): (code: number, body: () => string, now: number) => void {
    const labels = labelsOf(info, method);
    const isLong = isLongRunning(info);
    const kind = READ_ONLY.has(info.verb) ? 'readOnly' : 'mutating';
    if (isLong) this.#longRunning.add(1, 'apiserver', labels);
    else this.#inFlight.add(1, kind);
    return (code, body, end) => {
      this.#requests.inc(String(code), 'apiserver', dryRun, labels);
      if (isLong) {
        this.#longRunning.add(-1, 'apiserver', labels);
        return;
      }
      this.#inFlight.add(-1, kind);
      this.#durations.observe((end - now) / 1000, 'apiserver', dryRun, labels);
      if (info.isResourceRequest && READ_ONLY.has(info.verb)) {
        this.#sizes.observe(body().length, 'apiserver', labels);
      }
    };
  }

  terminated(info: RequestInfo, method: string, code: number): void {
    this.#terminations.inc(String(code), 'apiserver', labelsOf(info, method));
  }

  authenticated(user: string | undefined): void {
    this.#authentications.inc(user === undefined ? 'failure' : 'success');
    if (user !== undefined) this.#users.inc(compressUsername(user));
  }

  authorized(result: 'allowed' | 'denied' | 'no-opinion'): void {
    this.#authorizations.inc(result);
  }

  dispatched(flowSchema: string, priorityLevel: string): void {
    this.#dispatches.inc(flowSchema, priorityLevel);
  }

  rejected(flowSchema: string, priorityLevel: string, reason: string): void {
    this.#rejections.inc(flowSchema, priorityLevel, reason);
  }

  audited(): void {
    this.#auditEvents.inc();
  }

  /** The whole of /metrics. */
  text(source: MetricsSource): string {
    const metrics: readonly Metric[] = [
      this.#auditEvents,
      this.#inFlight,
      this.#dispatches,
      this.#rejections,
      ...flowControlGauges(source),
      this.#longRunning,
      this.#durations,
      this.#terminations,
      this.#requests,
      this.#sizes,
      objectCounts(source),
      this.#users,
      this.#authentications,
      this.#authorizations,
      buildInfo(source),
      startTime(source),
    ];
    return metrics.map((metric) => metric.text()).join('');
  }
}

const READ_ONLY: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

/** Paths beside the API that are counted by name. */
const KNOWN_PATHS: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz', '/version', '/metrics']);

/** Of requests that come again. */
const LABELS = new WeakMap<RequestInfo, string>();

/** Values in the order of RESOURCE_LABELS, joined. `method` is the one that `info` was made of. */
function labelsOf(info: RequestInfo, method: string): string {
  let labels = LABELS.get(info);
  if (labels === undefined) {
    const { group, resource, subresource, version, isResourceRequest, path } = info;
    // Any path that somebody thinks of would be a series of its own.
    const where = isResourceRequest ? subresource : KNOWN_PATHS.has(path) ? path : '';
    labels = joined(group, resource, scopeOf(info), where, verbOf(info, method), version);
    LABELS.set(info, labels);
  }
  return labels;
}

/** Models metrics.CleanScope. */
function scopeOf({ isResourceRequest, name, verb, namespace }: RequestInfo): string {
  if (name !== '' || verb === 'create') return 'resource';
  if (namespace !== '') return 'namespace';
  return isResourceRequest ? 'cluster' : '';
}

/** Models metrics.CleanVerb. */
function verbOf({ isResourceRequest, verb, subresource }: RequestInfo, method: string): string {
  if (!isResourceRequest) return method;
  if (['exec', 'attach', 'portforward', 'proxy'].includes(subresource)) return 'CONNECT';
  switch (verb) {
    case 'create':
      return 'POST';
    case 'update':
      return 'PUT';
    default:
      return verb.toUpperCase();
  }
}

/** Models endpoints/filters/metrics.go compressUsername: no more labels than there are kinds of users. */
function compressUsername(name: string): string {
  if (name === 'admin' || name === 'system:apiserver') return name;
  if (/^system:(kube-|anonymous$|bootstrap)/.test(name) && !name.includes('@')) return name;
  return name.includes('@') ? 'email_id' : 'other';
}

function objectCounts({ objectCounts: counts }: MetricsSource): Metric {
  const gauge = new Gauge({
    name: 'apiserver_storage_objects',
    help: '[DEPRECATED, consider using apiserver_resource_objects instead] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.',
    stability: 'STABLE',
    labels: ['resource'],
  });
  for (const [resource, count] of counts()) gauge.set(count, resource);
  return gauge;
}

function flowControlGauges({ priorityLevels }: MetricsSource): Metric[] {
  const labels = ['priority_level'];
  const executing = new Gauge({
    name: 'apiserver_flowcontrol_current_executing_seats',
    help: 'Concurrency (number of seats) occupied by the currently executing (initial stage for a WATCH, any stage otherwise) requests in the API Priority and Fairness subsystem',
    stability: 'BETA',
    labels,
  });
  const waiting = new Gauge({
    name: 'apiserver_flowcontrol_current_inqueue_requests',
    help: 'Number of requests currently pending in queues of the API Priority and Fairness subsystem',
    stability: 'BETA',
    labels,
  });
  const seats = new Gauge({
    name: 'apiserver_flowcontrol_nominal_limit_seats',
    help: 'Nominal number of execution seats configured for each priority level',
    stability: 'BETA',
    labels,
  });
  for (const level of priorityLevels()) {
    executing.set(level.executing, level.name);
    waiting.set(level.waiting, level.name);
    seats.set(level.seats, level.name);
  }
  return [executing, waiting, seats];
}

function buildInfo({ version, gitCommit }: MetricsSource): Metric {
  const gauge = new Gauge({
    name: 'kubernetes_build_info',
    help: 'A metric with a constant value of 1, labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.',
    labels: ['git_commit', 'git_version', 'major', 'minor', 'platform'],
  });
  const [major = '', minor = ''] = version.slice(1).split('.');
  gauge.set(1, gitCommit, version, major, minor, 'linux/amd64');
  return gauge;
}

function startTime({ startedAt }: MetricsSource): Metric {
  const gauge = new Gauge({
    name: 'process_start_time_seconds',
    help: 'Start time of the process since unix epoch in seconds.',
  });
  gauge.set(startedAt / 1000);
  return gauge;
}
