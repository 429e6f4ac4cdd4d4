import type { Service } from 'kubernetes-types/core/v1';
import { server } from '../../cri/containerd/programs.ts';
import type { Program } from '../../node/program.ts';
import type { ComponentServices } from '../components/services.ts';
import { ServiceObjects } from './service-objects.ts';

/** Health and readiness, by port. */
const CHECKS: readonly { readonly port: number; readonly path: string }[] = [
  { port: 8080, path: '/health' },
  { port: 8181, path: '/ready' },
];
const DNS_PORT = 53;

/**
 * The program `coredns`: the names of Services and of the pods behind them. A question is a GET of the name at
 * port 53, the answer one address a line; 404 for a name that does not exist.
 *
 * Models the plugin kubernetes of CoreDNS.
 */
export function corednsProgram(services: ComponentServices): Program {
  return async (environment) => {
    const { machine, address, killed, envs } = environment;
    const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' } = envs;
    const objects = new ServiceObjects(services, environment, 'coredns', `https://${host}:${port}`, () => {});
    const zone = zoneOf(environment.argv.join(' '), (path) =>
      environment.files.exists(path) ? environment.files.read(path) : '',
    );
    const answer = (status: number, body: string) => ({
      status,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body,
    });
    for (const check of CHECKS) {
      const stop = machine.network.listen(address, check.port, {
        onceChanged: (path) => (path === check.path ? () => {} : undefined),
        handler: ({ path }) =>
          Promise.resolve(path === check.path ? answer(200, 'OK') : answer(404, '404 page not found\n')),
      });
      killed.onCancel(stop);
    }
    const stop = machine.network.listen(address, DNS_PORT, {
      async handler({ path }) {
        await objects.ready();
        const name = decodeURIComponent(path.slice(1).replace(/\?.*$/, '')).toLowerCase();
        const found = resolve(objects, zone, name);
        return found === undefined ? answer(404, '') : answer(200, found.map((one) => `${one}\n`).join(''));
      },
    });
    killed.onCancel(stop);
    return server(environment);
  };
}

/** The first zone that the Corefile gives to the plugin kubernetes; "" if there is none. */
function zoneOf(command: string, read: (path: string) => string): string {
  const path = /-conf\s+(\S+)/.exec(command)?.[1] ?? 'Corefile';
  return /^\s*kubernetes\s+([^\s{]+)/m.exec(read(path))?.[1]?.replace(/\.$/, '') ?? '';
}

/** The addresses of a name; undefined if there is no such name. */
function resolve(objects: ServiceObjects, zone: string, name: string): readonly string[] | undefined {
  if (zone === '' || !name.endsWith(`.${zone}`)) return undefined;
  const labels = name.slice(0, -zone.length - 1).split('.');
  const kind = labels.pop();
  const namespace = labels.pop();
  const service = labels.pop();
  if (namespace === undefined || service === undefined) return undefined;
  if (kind === 'pod') {
    return labels.length === 0 && /^\d+-\d+-\d+-\d+$/.test(service)
      ? [service.replaceAll('-', '.')]
      : undefined;
  }
  const found = kind === 'svc' ? objects.service(namespace, service) : undefined;
  if (found === undefined || found.spec?.type === 'ExternalName') return undefined;
  if (labels.length > 0) return endpointAddresses(objects, found, labels.join('.'));
  const { clusterIP = '' } = found.spec ?? {};
  return clusterIP !== 'None' ? [clusterIP] : endpointAddresses(objects, found, undefined);
}

/** Addresses of a Service's endpoints, or of the one that is called `hostname`. */
function endpointAddresses(
  objects: ServiceObjects,
  service: Service,
  hostname: string | undefined,
): readonly string[] | undefined {
  const publishes = service.spec?.publishNotReadyAddresses === true;
  const addresses = objects.slicesOf(service).flatMap(({ endpoints }) =>
    endpoints
      .filter(({ conditions }) => publishes || conditions?.ready !== false)
      .filter(
        (endpoint) =>
          hostname === undefined ||
          endpoint.hostname === hostname ||
          endpoint.addresses[0]?.replaceAll('.', '-') === hostname,
      )
      .flatMap((endpoint) => endpoint.addresses),
  );
  return addresses.length === 0 ? undefined : addresses;
}
