import type { Container, Pod } from 'kubernetes-types/core/v1';
import { Quantity } from '../apimachinery/quantity/quantity.ts';
import { allContainersOf } from './types.ts';

interface Addresses {
  readonly podIP: string;
  readonly hostIP: string;
}

/**
 * A value of the pod itself: "metadata.name", "status.podIP", "metadata.labels['app']", and in files all
 * "metadata.labels" too.
 *
 * Models pkg/fieldpath ExtractFieldPathAsString and podFieldSelectorRuntimeValue.
 */
export function podField(pod: Pod, path: string, { podIP, hostIP }: Addresses): string {
  const subscript = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (subscript !== null) {
    return pod.metadata?.[subscript[1] as 'labels' | 'annotations']?.[subscript[2]!] ?? '';
  }
  const values: Readonly<Record<string, string | undefined>> = {
    'metadata.name': pod.metadata?.name,
    'metadata.namespace': pod.metadata?.namespace,
    'metadata.uid': pod.metadata?.uid,
    'metadata.labels': mapText(pod.metadata?.labels),
    'metadata.annotations': mapText(pod.metadata?.annotations),
    'spec.nodeName': pod.spec?.nodeName,
    'spec.serviceAccountName': pod.spec?.serviceAccountName,
    'status.podIP': podIP,
    'status.podIPs': podIP,
    'status.hostIP': hostIP,
    'status.hostIPs': hostIP,
  };
  return values[path] ?? '';
}

/** `app="web"`, one a line, sorted. Models fieldpath.FormatMap. */
function mapText(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}

/** What a node gives to pods: "2", "1907596Ki". */
export type Allocatable = Readonly<Record<string, string>>;

/**
 * A container's resource, in units of `divisor` and rounded up; without a limit the node's allocatable counts.
 *
 * Models pkg/api/v1/resource ExtractContainerResourceValue.
 */
export function resourceField(
  pod: Pod,
  own: Container | undefined,
  reference: {
    readonly containerName?: string;
    readonly resource: string;
    readonly divisor?: unknown;
  },
  allocatable: Allocatable,
): string {
  const { containerName, resource, divisor } = reference;
  const container = containerName ? allContainersOf(pod).find(({ name }) => name === containerName) : own;
  const [kind, ...rest] = resource.split('.');
  const name = rest.join('.');
  const { limits, requests } = container?.resources ?? {};
  const text = kind === 'limits' ? (limits?.[name] ?? allocatable[name]) : requests?.[name];
  const value = Quantity.parse(text ?? '0');
  const unit = Quantity.parse(
    divisor === undefined || divisor === '0' || divisor === '' ? '1' : String(divisor as string),
  );
  const nanos = (quantity: Quantity) => quantity.scaledValue(-9);
  const step = nanos(unit);
  return String((nanos(value) + step - 1n) / step);
}
