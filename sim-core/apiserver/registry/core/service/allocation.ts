import type { Service, ServiceSpec } from 'kubernetes-types/core/v1';
import { deepCopy } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { invalidError, StatusError, unknownError } from '../../../../apimachinery/status.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { goStrings, invalid } from '../../../../apimachinery/validation/field-error.ts';
import { containsIP, formatIP, maskedIP, parseCIDR, parseIP } from '../../../util/net.ts';
import type { EndpointContext } from '../../rest/subresource.ts';
import { initFamilies } from './families.ts';
import { isExternalName, isHeadless, needsHealthCheckPort, needsNodePort } from './kinds.ts';

const SERVICES = { group: '', resource: 'services' };
const SERVICE_KIND = { group: '', kind: 'Service' };

const specOf = (object: KubeObject) => (object as unknown as Service).spec!;
const allocatesNodePorts = (spec: ServiceSpec) =>
  spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);

/** What services hold. */
interface Taken {
  readonly addresses: ReadonlySet<string>;
  readonly nodePorts: Set<number>;
  /** Ports that were taken for the service itself. */
  readonly own: Set<number>;
}

async function takenByOthers(object: KubeObject, context: EndpointContext): Promise<Taken> {
  const { items } = await context.services.registry.storeFor(SERVICES).list(undefined, context);
  const addresses = new Set<string>();
  const nodePorts = new Set<number>();
  for (const item of items) {
    const { name, namespace } = item.metadata;
    if (name === object.metadata.name && namespace === (object.metadata.namespace ?? context.namespace))
      continue;
    const spec = specOf(item);
    for (const ip of spec.clusterIPs ?? []) addresses.add(ip);
    for (const port of nodePortsOf(spec)) nodePorts.add(port);
  }
  return { addresses, nodePorts, own: new Set() };
}

/** The node ports of a service, the one for health checks included. */
function nodePortsOf(spec: ServiceSpec): number[] {
  const ports = (spec.ports ?? []).map(({ nodePort }) => nodePort);
  return [...ports, spec.healthCheckNodePort].filter((port): port is number => Boolean(port));
}

const isFull = (what: string) => internalError(`failed to allocate a ${what}: range is full`);
/** Models errors.NewInternalError. */
const internalError = (message: string) =>
  new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });

/** Models pkg/registry/core/service/storage/alloc.go allocClusterIPs and ipallocator. */
function allocateClusterIP(spec: ServiceSpec, taken: Taken, context: EndpointContext): FieldError[] {
  const { serviceClusterIPRange } = context.services.settings;
  const range = parseCIDR(serviceClusterIPRange)!;
  const base = maskedIP(range);
  const size = 2 ** ((base.family === 4 ? 32 : 128) - range.length);
  const wanted = spec.clusterIPs?.[0];
  if (wanted !== undefined) {
    const refuse = (why: string) => [
      invalid('spec.clusterIPs', goStrings(spec.clusterIPs ?? []), `failed to allocate IP ${wanted}: ${why}`),
    ];
    const address = parseIP(wanted)!;
    // The first address is the network's, the last the broadcast's.
    const offset = address.value - base.value;
    if (!containsIP(range, address) || offset < 1n || offset > BigInt(size - 2)) {
      return refuse(
        `the provided IP (${wanted}) is not in the valid range. The range of valid IPs is ${serviceClusterIPRange}`,
      );
    }
    return taken.addresses.has(wanted) ? refuse('provided IP is already allocated') : [];
  }
  const usable = size - 2;
  for (let attempt = 0; attempt < usable; attempt++) {
    const offset = BigInt(1 + context.services.rand.int(usable));
    const ip = formatIP({ family: base.family, value: base.value + offset });
    if (taken.addresses.has(ip)) continue;
    spec.clusterIP = ip;
    spec.clusterIPs = [ip];
    return [];
  }
  throw isFull('serviceIP');
}

/** A dry run makes up ports that nobody could have, one after another. */
const FIRST_DRY_RUN_PORT = 32769;

/** One port of the range that nobody has; it is taken then. Models portallocator AllocateNext. */
function nextPort({ nodePorts: taken, own }: Taken, what: string, context: EndpointContext): number {
  if (context.dryRun) {
    const port = Math.max(FIRST_DRY_RUN_PORT - 1, ...own) + 1;
    own.add(port);
    return port;
  }
  const [low, high] = context.services.settings.serviceNodePortRange;
  let port = low + context.services.rand.int(high - low + 1);
  for (let tried = 0; taken.has(port) && tried <= high - low; tried++) port = port === high ? low : port + 1;
  if (taken.has(port)) throw isFull(what);
  taken.add(port);
  return port;
}

/**
 * Why a port cannot be had; it is taken if it can. A dry run knows no range.
 * Models portallocator Allocate and PortAllocationOperation.Allocate.
 */
function takePort(
  port: number,
  { nodePorts: taken, own }: Taken,
  context: EndpointContext,
): string | undefined {
  const [low, high] = context.services.settings.serviceNodePortRange;
  if (!context.dryRun && (port < low || port > high)) {
    return `provided port is not in the valid range. The range of valid ports is ${low}-${high}`;
  }
  if (taken.has(port)) return 'provided port is already allocated';
  taken.add(port);
  own.add(port);
  return undefined;
}

/**
 * Gives every port of a new service one of the nodes; ports of one number share theirs.
 * Models storage/alloc.go initNodePorts.
 */
function allocateNodePorts(spec: ServiceSpec, taken: Taken, context: EndpointContext): FieldError[] {
  const own = new Map<number, number>();
  const errors: FieldError[] = [];
  (spec.ports ?? []).forEach((port, index) => {
    const requested =
      port.nodePort || spec.ports?.find((other) => other.port === port.port && other.nodePort)?.nodePort;
    if (!requested && !allocatesNodePorts(spec)) return;
    const shared = own.get(port.port);
    if (!requested) port.nodePort = shared ?? nextPort(taken, 'nodePort', context);
    else {
      port.nodePort = requested;
      const refused = shared === requested ? undefined : takePort(requested, taken, context);
      if (refused !== undefined) {
        errors.push(invalid(`spec.ports[${index}].nodePort`, requested, refused));
      }
    }
    if (shared === undefined) own.set(port.port, port.nodePort);
  });
  return errors.slice(0, 1);
}

/** The same for a service that changes, of which `held` stay its own. Models storage/alloc.go updateNodePorts. */
function updateNodePorts(
  spec: ServiceSpec,
  held: readonly number[],
  taken: Taken,
  context: EndpointContext,
): FieldError[] {
  const seen = new Set<string>();
  for (const port of held) taken.nodePorts.add(port);
  for (const [index, port] of (spec.ports ?? []).entries()) {
    if (!port.nodePort && !allocatesNodePorts(spec)) continue;
    if (!port.nodePort) port.nodePort = nextPort(taken, 'nodePort', context);
    else if (!held.includes(port.nodePort) && !taken.own.has(port.nodePort)) {
      const refused = takePort(port.nodePort, taken, context);
      if (refused !== undefined) return [invalid(`spec.ports[${index}].nodePort`, port.nodePort, refused)];
    }
    const shown = `{${port.protocol ?? ''} ${port.nodePort}}`;
    if (seen.has(shown)) throw unknownError(`duplicate nodePort: ${shown}`);
    seen.add(shown);
  }
  return [];
}

/** Models allocHealthCheckNodePort. */
function allocateHealthCheckPort(spec: ServiceSpec, taken: Taken, context: EndpointContext): void {
  const wanted = spec.healthCheckNodePort;
  if (!wanted) {
    spec.healthCheckNodePort = nextPort(taken, 'HealthCheck NodePort 0', context);
    return;
  }
  const refused = takePort(wanted, taken, context);
  if (refused === undefined) return;
  throw internalError(`failed to allocate requested HealthCheck NodePort ${wanted}: ${refused}`);
}

/** Models allocateCreate and allocateUpdate. */
async function allocate(
  object: KubeObject,
  old: ServiceSpec | undefined,
  context: EndpointContext,
): Promise<void> {
  const spec = specOf(object);
  const range = parseCIDR(context.services.settings.serviceClusterIPRange)!;
  const refuse = (errors: readonly FieldError[]) => {
    if (errors.length > 0) throw invalidError(SERVICE_KIND, object.metadata.name ?? '', errors);
  };
  refuse(initFamilies(spec, old, range.address.family === 4 ? 'IPv4' : 'IPv6'));
  const needsIP = !isExternalName(spec) && !isHeadless(spec) && (old === undefined || isExternalName(old));
  const checks = needsHealthCheckPort(spec) && !(old && needsHealthCheckPort(old));
  if (!needsIP && !needsNodePort(spec) && !checks) return;
  const taken = await takenByOthers(object, context);
  if (needsIP) refuse(allocateClusterIP(spec, taken, context));
  if (needsNodePort(spec)) {
    refuse(
      old === undefined
        ? allocateNodePorts(spec, taken, context)
        : updateNodePorts(spec, nodePortsOf(old), taken, context),
    );
  }
  if (checks) allocateHealthCheckPort(spec, taken, context);
}

/** clusterIP and the first of clusterIPs are one. Models storage.go normalizeClusterIPs. */
function normalizeClusterIPs(spec: ServiceSpec, old: ServiceSpec | undefined): void {
  const { clusterIP } = spec;
  if (old === undefined) {
    if (clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [clusterIP];
    return;
  }
  const same = (spec.clusterIPs ?? []).join() === (old.clusterIPs ?? []).join();
  if (clusterIP === old.clusterIP) {
    if (!spec.clusterIPs?.length && old.clusterIPs?.length) spec.clusterIPs = [...old.clusterIPs];
    return;
  }
  // The client changed the one field and sent the other as it was.
  if (!same) return;
  if (clusterIP) spec.clusterIPs = [clusterIP];
  else delete spec.clusterIPs;
}

/** Keeps what the server had allocated and the client left out. Models storage.go patchAllocatedValues. */
function keepAllocated(spec: ServiceSpec, old: ServiceSpec): void {
  if (!isExternalName(spec) && !isExternalName(old)) {
    if (!spec.clusterIP && old.clusterIP) spec.clusterIP = old.clusterIP;
    if (!spec.clusterIPs?.length && old.clusterIPs?.length) spec.clusterIPs = [...old.clusterIPs];
  }
  if (needsNodePort(spec) && needsNodePort(old)) {
    const given = new Set((spec.ports ?? []).map(({ nodePort }) => nodePort));
    for (const port of spec.ports ?? []) {
      if (port.nodePort) continue;
      const before = (old.ports ?? []).find(({ name = '' }) => name === (port.name ?? ''))?.nodePort;
      if (before && !given.has(before)) port.nodePort = before;
    }
  }
  if (needsHealthCheckPort(spec) && needsHealthCheckPort(old) && old.healthCheckNodePort) {
    spec.healthCheckNodePort ||= old.healthCheckNodePort;
  }
}

/** Gives a new service its addresses and ports. */
export async function allocateForCreate(object: KubeObject, context: EndpointContext): Promise<void> {
  normalizeClusterIPs(specOf(object), undefined);
  await allocate(object, undefined, context);
}

/** Gives a changed service the addresses and ports that it has not yet. */
export async function allocateForUpdate(
  object: KubeObject,
  old: KubeObject,
  context: EndpointContext,
): Promise<void> {
  const before = deepCopy(specOf(old));
  keepAllocated(specOf(object), before);
  normalizeClusterIPs(specOf(object), before);
  await allocate(object, before, context);
}
