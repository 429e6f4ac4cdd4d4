import type { Service, ServicePort } from 'kubernetes-types/core/v1';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import type { Rand } from '../../clock/rand.ts';
import { server } from '../../cri/containerd/programs.ts';
import type { Forward } from '../../node/network.ts';
import type { Program } from '../../node/program.ts';
import type { ComponentServices } from '../components/services.ts';
import { readFile } from '../components/services.ts';
import { readYaml } from '../components/yaml-text.ts';
import { ServiceObjects } from './service-objects.ts';

interface Target {
  readonly address: string;
  readonly port: number;
}

/** The program `kube-proxy`: connections to Services of its machine go to one of their endpoints. */
export function kubeProxyProgram(services: ComponentServices): Program {
  return async (environment) => {
    const { machine, killed } = environment;
    const apiserver = await apiserverOf(environment);
    const rand = services.rand.fork(`kube-proxy ${machine.hostname}`);
    const objects = new ServiceObjects(services, environment, 'kube-proxy', apiserver, () => {
      table = undefined;
    });
    let table: ReadonlyMap<string, readonly Target[]> | undefined;
    const forward: Forward = {
      ready: () => objects.ready(),
      target(address, port) {
        table ??= rulesOf(objects, machine.hostname, machine.address);
        const targets = table.get(`${address}:${port}`);
        if (targets === undefined) return undefined;
        return targets.length === 0 ? 'reject' : pick(rand, targets);
      },
    };
    killed.onCancel(machine.network.setForward(forward));
    return server(environment);
  };
}

/** The server of the kubeconfig that --config leads to. */
async function apiserverOf(environment: Parameters<Program>[0]): Promise<string> {
  const yamlOf = (path: string) => readYaml(environment.clock, readFile(environment, path) ?? '');
  const flag = environment.argv.find((word) => word.startsWith('--config='))?.slice('--config='.length) ?? '';
  const config = ((await yamlOf(flag)) ?? {}) as {
    clientConnection?: { kubeconfig?: string };
  };
  const path = config.clientConnection?.kubeconfig ?? '';
  const kubeconfig = ((await yamlOf(path)) ?? {}) as {
    clusters?: { cluster?: { server?: string } }[];
  };
  return kubeconfig.clusters?.[0]?.cluster?.server ?? '';
}

function pick(rand: Rand, targets: readonly Target[]): Target {
  return targets[rand.int(targets.length)]!;
}

/**
 * Where connections go, by "address:port": of cluster IPs, external IPs and node ports.
 *
 * Models pkg/proxy syncProxyRules.
 */
function rulesOf(objects: ServiceObjects, node: string, nodeAddress: string): Map<string, readonly Target[]> {
  const rules = new Map<string, readonly Target[]>();
  for (const service of objects.services()) {
    const { clusterIP = '', externalIPs = [], externalTrafficPolicy, internalTrafficPolicy } = service.spec!;
    if (clusterIP === '' || clusterIP === 'None') continue;
    for (const port of service.spec!.ports ?? []) {
      const all = targetsOf(objects, service, port);
      const local = all.filter((target) => target.node === node);
      rules.set(`${clusterIP}:${port.port}`, internalTrafficPolicy === 'Local' ? local : all);
      const outside = externalTrafficPolicy === 'Local' ? local : all;
      const ingress = (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
      for (const address of [...externalIPs, ...ingress]) rules.set(`${address}:${port.port}`, outside);
      if (port.nodePort) rules.set(`${nodeAddress}:${port.nodePort}`, outside);
    }
  }
  return rules;
}

/** The endpoints that are ready, or that still serve while they end if none is. */
function targetsOf(
  objects: ServiceObjects,
  service: Service,
  { name = '' }: ServicePort,
): (Target & { readonly node: string | undefined })[] {
  const found = {
    ready: [] as (Target & { node: string | undefined })[],
    serving: [] as (Target & { node: string | undefined })[],
  };
  for (const slice of objects.slicesOf(service)) {
    // A slice without endpoints has null for both lists.
    const { ports, endpoints } = slice as Partial<EndpointSlice>;
    const port = ports?.find((candidate) => (candidate.name ?? '') === name)?.port;
    if (port === undefined) continue;
    for (const { addresses, conditions, nodeName } of endpoints ?? []) {
      const targets = addresses.map((address) => ({ address, port, node: nodeName }));
      if (conditions?.ready !== false) found.ready.push(...targets);
      else if (conditions.serving === true && conditions.terminating === true) found.serving.push(...targets);
    }
  }
  return found.ready.length > 0 ? found.ready : found.serving;
}
