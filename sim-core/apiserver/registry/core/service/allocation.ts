import type { Service, ServiceSpec } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { invalidError, StatusError } from '../../../../apimachinery/status.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { goStrings, invalid } from '../../../../apimachinery/validation/field-error.ts';
import type { EndpointContext, StoreHooks } from '../../rest/subresource.ts';
import { isHeadless } from './validation.ts';
import { isIPv4 } from '../validation/common.ts';

const SERVICES = { group: '', resource: 'services' };
const SERVICE_KIND = { group: '', kind: 'Service' };

const specOf = (object: KubeObject) => (object as unknown as Service).spec!;
const needsClusterIP = (spec: ServiceSpec) => spec.type !== 'ExternalName' && !isHeadless(spec);
const needsNodePort = (spec: ServiceSpec) =>
  spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);

/** What other services hold. */
interface Taken {
  readonly addresses: ReadonlySet<string>;
  /** "TCP/30080". */
  readonly nodePorts: ReadonlySet<string>;
}

async function takenByOthers(object: KubeObject, context: EndpointContext): Promise<Taken> {
  const { items } = await context.services.registry.storeFor(SERVICES).list(undefined, context);
  const addresses = new Set<string>();
  const nodePorts = new Set<string>();
  for (const item of items) {
    const { name, namespace } = item.metadata;
    if (name === object.metadata.name && namespace === (object.metadata.namespace ?? context.namespace))
      continue;
    const spec = specOf(item);
    for (const ip of spec.clusterIPs ?? []) addresses.add(ip);
    for (const { protocol, nodePort } of spec.ports ?? []) {
      if (nodePort) nodePorts.add(`${protocol}/${nodePort}`);
    }
  }
  return { addresses, nodePorts };
}

/** Models pkg/registry/core/service/storage/alloc.go and ipallocator. */
function allocateClusterIP(spec: ServiceSpec, taken: Taken, context: EndpointContext): FieldError[] {
  const { serviceClusterIPRange: range } = context.services.settings;
  const wanted = spec.clusterIPs?.[0];
  if (wanted !== undefined) {
    const refuse = (why: string) => [
      invalid('spec.clusterIPs', goStrings(spec.clusterIPs ?? []), `failed to allocate IP ${wanted}: ${why}`),
    ];
    if (!isIPv4(wanted)) return [];
    if (!contains(range, wanted)) {
      return refuse(
        `the provided IP (${wanted}) is not in the valid range. The range of valid IPs is ${range}`,
      );
    }
    return taken.addresses.has(wanted) ? refuse('provided IP is already allocated') : [];
  }
  const { base, size } = parseRange(range);
  // The first address is the network's, the last the broadcast's.
  const usable = size - 2;
  for (let attempt = 0; attempt < usable; attempt++) {
    const ip = formatIPv4(base + 1 + context.services.rand.int(usable));
    if (taken.addresses.has(ip)) continue;
    spec.clusterIP = ip;
    spec.clusterIPs = [ip];
    return [];
  }
  throw new StatusError(
    500,
    'InternalError',
    'Internal error occurred: failed to allocate a serviceIP: range is full',
  );
}

/** Models storage/alloc.go allocNodePorts and portallocator. */
function allocateNodePorts(spec: ServiceSpec, taken: Taken, context: EndpointContext): FieldError[] {
  const [low, high] = context.services.settings.serviceNodePortRange;
  const errors: FieldError[] = [];
  const own = new Set<string>();
  (spec.ports ?? []).forEach((port, index) => {
    const isTaken = (nodePort: number) => {
      const key = `${port.protocol}/${nodePort}`;
      return taken.nodePorts.has(key) || own.has(key);
    };
    if (port.nodePort) {
      const field = `spec.ports[${index}].nodePort`;
      if (port.nodePort < low || port.nodePort > high) {
        errors.push(
          invalid(
            field,
            port.nodePort,
            `provided port is not in the valid range. The range of valid ports is ${low}-${high}`,
          ),
        );
      } else if (isTaken(port.nodePort)) {
        errors.push(invalid(field, port.nodePort, 'provided port is already allocated'));
      }
    } else {
      let nodePort = low + context.services.rand.int(high - low + 1);
      for (let tried = 0; isTaken(nodePort) && tried <= high - low; tried++) {
        nodePort = nodePort === high ? low : nodePort + 1;
      }
      if (isTaken(nodePort)) {
        throw new StatusError(
          500,
          'InternalError',
          'Internal error occurred: failed to allocate a nodePort: range is full',
        );
      }
      port.nodePort = nodePort;
    }
    own.add(`${port.protocol}/${port.nodePort}`);
  });
  return errors;
}

/** Models alloc.go initIPFamilyFields for a cluster with IPv4 only. */
function fillFamilies(spec: ServiceSpec): void {
  if (spec.type === 'ExternalName') return;
  const selectorless = Object.keys(spec.selector ?? {}).length === 0;
  if (isHeadless(spec) && selectorless && spec.ipFamilyPolicy === undefined) {
    spec.ipFamilyPolicy = 'RequireDualStack';
    spec.ipFamilies ??= ['IPv4', 'IPv6'];
    return;
  }
  spec.ipFamilyPolicy ??= 'SingleStack';
  spec.ipFamilies ??= ['IPv4'];
}

async function allocate(object: KubeObject, context: EndpointContext): Promise<void> {
  const spec = specOf(object);
  fillFamilies(spec);
  if (!needsClusterIP(spec) && !needsNodePort(spec)) return;
  const taken = await takenByOthers(object, context);
  const errors = needsClusterIP(spec) ? allocateClusterIP(spec, taken, context) : [];
  if (errors.length === 0 && needsNodePort(spec)) errors.push(...allocateNodePorts(spec, taken, context));
  if (errors.length > 0) throw invalidError(SERVICE_KIND, object.metadata.name ?? '', errors);
}

/** clusterIP and the first of clusterIPs are one. Models pkg/registry/core/service NormalizeClusterIPs. */
function normalizeClusterIPs(spec: ServiceSpec, old: ServiceSpec | undefined): void {
  const { clusterIP } = spec;
  if (old === undefined) {
    if (clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [clusterIP];
    return;
  }
  const changed = clusterIP !== old.clusterIP;
  const listSame = (spec.clusterIPs ?? []).join() === (old.clusterIPs ?? []).join();
  if (changed && listSame) {
    if (clusterIP) spec.clusterIPs = [clusterIP];
    else delete spec.clusterIPs;
  } else if (!changed && !listSame && spec.clusterIPs?.[0] !== undefined) {
    spec.clusterIP = spec.clusterIPs[0];
  }
}

/** Keeps what the server had allocated and the client left out. Models patchAllocatedValues. */
function keepAllocated(spec: ServiceSpec, old: ServiceSpec): void {
  if (needsClusterIP(spec) && needsClusterIP(old)) {
    spec.clusterIP ??= old.clusterIP!;
    spec.clusterIPs ??= old.clusterIPs!;
  }
  if (needsNodePort(spec) && needsNodePort(old)) {
    for (const port of spec.ports ?? []) {
      if (port.nodePort) continue;
      const before = (old.ports ?? []).find(
        (candidate) => candidate.port === port.port && candidate.protocol === port.protocol,
      );
      if (before?.nodePort) port.nodePort = before.nodePort;
    }
  }
  if (old.ipFamilyPolicy !== undefined && spec.type !== 'ExternalName') {
    spec.ipFamilyPolicy ??= old.ipFamilyPolicy;
    spec.ipFamilies ??= old.ipFamilies!;
  }
}

export const serviceHooks: StoreHooks = {
  async beginCreate(object, context) {
    normalizeClusterIPs(specOf(object), undefined);
    await allocate(object, context);
    return undefined;
  },
  async beginUpdate(object, old, context) {
    const spec = specOf(object);
    const before = specOf(old);
    keepAllocated(spec, before);
    normalizeClusterIPs(spec, before);
    if (spec.type === 'ExternalName' && before.type !== 'ExternalName') {
      for (const key of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'] as const)
        delete spec[key];
    }
    if (!needsNodePort(spec) && needsNodePort(before)) {
      for (const port of spec.ports ?? []) delete port.nodePort;
      delete spec.externalTrafficPolicy;
    }
    // An address that changes is refused by the validation.
    const changed = before.clusterIPs?.[0] !== undefined && spec.clusterIPs?.[0] !== before.clusterIPs[0];
    if (!changed || before.type === 'ExternalName') await allocate(object, context);
    return undefined;
  },
};

function parseRange(range: string): { base: number; size: number } {
  const [address = '', length = '32'] = range.split('/');
  const size = 2 ** (32 - Number(length));
  const value = parseIPv4(address);
  return { base: value - (value % size), size };
}

function contains(range: string, ip: string): boolean {
  const { base, size } = parseRange(range);
  const value = parseIPv4(ip);
  return value > base && value < base + size - 1;
}

const parseIPv4 = (ip: string) => ip.split('.').reduce((value, part) => value * 256 + Number(part), 0);
const formatIPv4 = (value: number) =>
  [value / 2 ** 24, value / 2 ** 16, value / 2 ** 8, value].map((part) => Math.floor(part) % 256).join('.');
