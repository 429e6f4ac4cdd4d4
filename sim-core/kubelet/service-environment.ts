import type { Service } from 'kubernetes-types/core/v1';

/**
 * The variables by which a pod finds Services: NAME_SERVICE_HOST, NAME_SERVICE_PORT and those of Docker links.
 *
 * Models pkg/kubelet/envvars FromServices.
 */
export function serviceEnvironment(services: readonly Service[]): Record<string, string> {
  const envs: Record<string, string> = {};
  for (const { metadata, spec } of services) {
    const { clusterIP = '', ports = [] } = spec ?? {};
    const [first] = ports;
    if (clusterIP === '' || clusterIP === 'None' || first === undefined) continue;
    const name = variable(metadata!.name!);
    envs[`${name}_SERVICE_HOST`] = clusterIP;
    envs[`${name}_SERVICE_PORT`] = String(first.port);
    for (const port of ports) {
      if (port.name) envs[`${name}_SERVICE_PORT_${variable(port.name)}`] = String(port.port);
    }
    for (const [index, { port, protocol = 'TCP' }] of ports.entries()) {
      const url = `${protocol.toLowerCase()}://${clusterIP}:${port}`;
      if (index === 0) envs[`${name}_PORT`] = url;
      const prefix = `${name}_PORT_${port}_${protocol}`;
      envs[prefix] = url;
      envs[`${prefix}_PROTO`] = protocol.toLowerCase();
      envs[`${prefix}_PORT`] = String(port);
      envs[`${prefix}_ADDR`] = clusterIP;
    }
  }
  return envs;
}

function variable(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
