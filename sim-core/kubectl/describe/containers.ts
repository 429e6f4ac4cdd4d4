import type {
  Container,
  ContainerPort,
  ContainerState,
  ContainerStatus,
  ResourceFieldSelector,
  Probe,
  ResourceRequirements,
} from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../apimachinery/object.ts';
import { Quantity } from '../../apimachinery/quantity/quantity.ts';
import type { DescribeWriter } from './writer.ts';

/**
 * `space` is what stands before the title: two spaces in a template, which has no states either, and no `pod`
 * whose fields variables may hold.
 * Models pkg/describe describeContainers.
 */
export function describeContainers(
  title: string,
  containers: readonly Container[],
  statuses: readonly ContainerStatus[] | undefined,
  writer: DescribeWriter,
  space: string,
  pod?: KubeObject,
): void {
  if (containers.length === 0) {
    writer.line(0, `${space}${title}: <none>`);
    return;
  }
  writer.line(0, `${space}${title}:`);
  for (const container of containers) {
    writer.line(1, `${space === '' ? '' : ' '}${container.name}:`);
    const status = statuses?.find(({ name }) => name === container.name);
    const at: Line = (level, text) => writer.line(2 + level, text);
    describeBasicInfo(container, status, at);
    describeCommand(container, at);
    if (status !== undefined) describeStatus(status, at, writer);
    describeResources(container.resources, at);
    if (container.livenessProbe !== undefined) at(0, `Liveness:\t${probeText(container.livenessProbe)}`);
    if (container.readinessProbe !== undefined) at(0, `Readiness:\t${probeText(container.readinessProbe)}`);
    if (container.startupProbe !== undefined) at(0, `Startup:\t${probeText(container.startupProbe)}`);
    describeEnvironmentSources(container, at);
    describeEnvironment(container, pod, at);
    describeMounts(container, at);
  }
}

type Line = (level: number, text: string) => void;

/** Models describeContainerBasicInfo. */
function describeBasicInfo(
  { image = '', ports = [], securityContext }: Container,
  status: ContainerStatus | undefined,
  at: Line,
): void {
  if (status !== undefined) at(0, `Container ID:\t${status.containerID ?? ''}`);
  at(0, `Image:\t${image}`);
  if (status !== undefined) at(0, `Image ID:\t${status.imageID}`);
  const plural = ports.length > 1 ? 's' : '';
  const text = (portOf: (port: ContainerPort) => number | undefined) =>
    ports
      .map((port) => `${portOf(port) ?? 0}/${port.protocol ?? 'TCP'}${port.name ? ` (${port.name})` : ''}`)
      .join(', ') || '<none>';
  at(0, `Port${plural}:\t${text(({ containerPort }) => containerPort)}`);
  at(0, `Host Port${plural}:\t${text(({ hostPort }) => hostPort)}`);
  const { seccompProfile } = securityContext ?? {};
  if (seccompProfile !== undefined) at(0, `SeccompProfile:\t${seccompProfile.type}`);
}

function describeCommand({ command = [], args = [] }: Container, at: Line): void {
  for (const [title, words] of [
    ['Command', command],
    ['Args', args],
  ] as const) {
    if (words.length > 0) at(0, `${title}:`);
    for (const word of words) for (const part of word.split('\n')) at(1, part);
  }
}

/** Models describeContainerState. */
function describeStatus(status: ContainerStatus, at: Line, writer: DescribeWriter): void {
  describeState('State', status.state, at, writer);
  if (status.lastState?.terminated !== undefined) describeState('Last State', status.lastState, at, writer);
  at(0, `Ready:\t${status.ready ? 'True' : 'False'}`);
  at(0, `Restart Count:\t${status.restartCount}`);
}

function describeState(
  title: string,
  state: ContainerState | undefined,
  at: Line,
  writer: DescribeWriter,
): void {
  if (state?.running !== undefined) {
    at(0, `${title}:\tRunning`);
    at(1, `Started:\t${writer.time(state.running.startedAt as unknown as string)}`);
  } else if (state?.terminated !== undefined) {
    const { reason, message, exitCode, signal, startedAt, finishedAt } = state.terminated;
    at(0, `${title}:\tTerminated`);
    if (reason) at(1, `Reason:\t${reason}`);
    if (message) at(1, `Message:\t${message}`);
    at(1, `Exit Code:\t${exitCode}`);
    if (signal) at(1, `Signal:\t${signal}`);
    at(1, `Started:\t${writer.time(startedAt as unknown as string)}`);
    at(1, `Finished:\t${writer.time(finishedAt as unknown as string)}`);
  } else {
    at(0, `${title}:\tWaiting`);
    if (state?.waiting?.reason) at(1, `Reason:\t${state.waiting.reason}`);
  }
}

function describeResources(resources: ResourceRequirements | undefined, at: Line): void {
  for (const [title, values] of [
    ['Limits', resources?.limits],
    ['Requests', resources?.requests],
  ] as const) {
    const names = Object.keys(values ?? {}).sort();
    if (names.length === 0) continue;
    at(0, `${title}:`);
    for (const name of names) at(1, `${name}:\t${(values as Record<string, unknown>)[name]}`);
  }
}

function describeEnvironmentSources({ envFrom = [] }: Container, at: Line): void {
  if (envFrom.length > 0) at(0, 'Environment Variables from:');
  for (const { configMapRef, secretRef, prefix } of envFrom) {
    const source = configMapRef ?? secretRef;
    const what = configMapRef === undefined ? 'Secret' : 'ConfigMap';
    const named = prefix ? ` with prefix '${prefix}'` : '';
    at(1, `${source?.name ?? ''}\t${what}${named}\tOptional: ${source?.optional ?? false}`);
  }
}

function describeEnvironment(container: Container, pod: KubeObject | undefined, at: Line): void {
  const variables = container.env ?? [];
  if (variables.length === 0) {
    at(0, 'Environment:\t<none>');
    return;
  }
  at(0, 'Environment:');
  for (const { name, value, valueFrom } of variables) {
    if (valueFrom === undefined) {
      const [first = '', ...more] = (value ?? '').split('\n');
      at(1, `${name}:\t${first}`);
      for (const line of more) at(1, `\t${line}`);
    } else if (valueFrom.fieldRef !== undefined) {
      const { apiVersion = 'v1', fieldPath } = valueFrom.fieldRef;
      at(1, `${name}:\t${fieldText(pod, fieldPath)} (${apiVersion}:${fieldPath})`);
    } else if (valueFrom.resourceFieldRef !== undefined) {
      at(
        1,
        `${name}:\t${resourceText(container, valueFrom.resourceFieldRef)} (${valueFrom.resourceFieldRef.resource})`,
      );
    } else if (valueFrom.secretKeyRef !== undefined) {
      const { key, name: secret, optional } = valueFrom.secretKeyRef;
      at(
        1,
        `${name}:\t<set to the key '${key}' in secret '${secret ?? ''}'>\tOptional: ${optional ?? false}`,
      );
    } else if (valueFrom.configMapKeyRef !== undefined) {
      const { key, name: map, optional } = valueFrom.configMapKeyRef;
      at(
        1,
        `${name}:\t<set to the key '${key}' of config map '${map ?? ''}'>\tOptional: ${optional ?? false}`,
      );
    }
  }
}

/** Models describeContainerVolumes. */
function describeMounts({ volumeMounts = [], volumeDevices = [] }: Container, at: Line): void {
  at(0, volumeMounts.length === 0 ? 'Mounts:\t<none>' : 'Mounts:');
  for (const { mountPath, name, readOnly, subPath } of sortedBy(volumeMounts, 'mountPath')) {
    const flags = `${readOnly === true ? 'ro' : 'rw'}${subPath ? `,path="${subPath}"` : ''}`;
    at(1, `${mountPath} from ${name} (${flags})`);
  }
  if (volumeDevices.length > 0) at(0, volumeMounts.length === 0 ? 'Devices:\t<none>' : 'Devices:');
  for (const { devicePath, name } of sortedBy(volumeDevices, 'devicePath'))
    at(1, `${devicePath} from ${name}`);
}

function sortedBy<K extends string, T extends Readonly<Record<K, string>>>(list: readonly T[], key: K): T[] {
  return [...list].sort((a, b) => (a[key] < b[key] ? -1 : 1));
}

/** What a field of the pod's metadata holds; "" for others, which are known on the node. Models EnvValueRetriever. */
function fieldText(pod: KubeObject | undefined, path: string): string {
  const { name = '', namespace = '', uid = '', labels = {}, annotations = {} } = pod?.metadata ?? {};
  const maps = { labels, annotations } as Readonly<Record<string, Readonly<Record<string, string>>>>;
  const entry = /^metadata\.(labels|annotations)(?:\['(.*)'\])?$/.exec(path);
  if (entry !== null) {
    const map = maps[entry[1]!]!;
    if (entry[2] !== undefined) return map[entry[2]] ?? '';
    return Object.keys(map)
      .sort()
      .map((key) => `${key}=${JSON.stringify(map[key])}`)
      .join('\n');
  }
  return { 'metadata.name': name, 'metadata.namespace': namespace, 'metadata.uid': uid }[path] ?? '';
}

/** Models k8s.io/kubectl/pkg/util/resource ExtractContainerResourceValue. */
function resourceText(container: Container, { resource, divisor }: ResourceFieldSelector): string {
  const [kind, name = ''] = resource.split(/\.(.*)/s);
  const values = (kind === 'limits' ? container.resources?.limits : container.resources?.requests) as
    Readonly<Record<string, string>> | undefined;
  const unit = Number(divisor ?? '0') === 0 ? '1' : String(divisor);
  const count = Math.ceil(
    Quantity.parse(values?.[name] ?? '0').asFloat() / Quantity.parse(unit).asFloat() - 1e-9,
  );
  const isWholeNode = count === 0 && (resource === 'limits.cpu' || resource === 'limits.memory');
  return isWholeNode ? 'node allocatable' : String(count);
}

/** Models pkg/describe DescribeProbe. */
function probeText(probe: Probe): string {
  const numbers = `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 0}s period=${probe.periodSeconds ?? 0}s #success=${probe.successThreshold ?? 0} #failure=${probe.failureThreshold ?? 0}`;
  if (probe.exec !== undefined) return `exec [${(probe.exec.command ?? []).join(' ')}] ${numbers}`;
  if (probe.httpGet !== undefined) {
    const { scheme = 'HTTP', host = '', port, path = '' } = probe.httpGet;
    return `http-get ${scheme.toLowerCase()}://${host}:${String(port)}${path} ${numbers}`;
  }
  if (probe.tcpSocket !== undefined)
    return `tcp-socket ${probe.tcpSocket.host ?? ''}:${String(probe.tcpSocket.port)} ${numbers}`;
  if (probe.grpc !== undefined) return `grpc <pod>:${probe.grpc.port} ${probe.grpc.service ?? ''} ${numbers}`;
  return `unknown ${numbers}`;
}
