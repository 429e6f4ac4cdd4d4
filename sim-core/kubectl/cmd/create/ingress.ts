import type { Creator } from './create.ts';
import { MAPPINGS } from './mappings.ts';

const RULE = /^([^,]*?)(\/[^=]*)=([^:,]+):([^,]+)((?:,[^=,]+(?:=[^,]*)?)*)$/;

interface HttpPath {
  backend: { service: ReturnType<typeof serviceBackend> };
  path: string;
  pathType: string;
}

/** Models pkg/cmd/create/create_ingress.go. */
export const ingress: Creator = {
  name: 'ingress',
  aliases: ['ing'],
  use: 'NAME --rule=host/path=service:port[,tls[=secret]]  [options]',
  short: 'Create an ingress with the specified name',
  failure: 'failed to create ingress: ',
  mapping: MAPPINGS.ingress,
  flags: [
    { name: 'annotation', type: 'stringArray' },
    { name: 'class', type: 'string' },
    { name: 'default-backend', type: 'string' },
    { name: 'rule', type: 'stringArray' },
  ],
  build(name, { flags }) {
    const fallback = flags.string('default-backend');
    const rules = flags.list('rule');
    if (fallback === '' && rules.length === 0) {
      throw new Error(
        'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
      );
    }
    if (fallback !== '' && !/^[^:]+:[^:]+$/.test(fallback)) {
      throw new Error('default-backend should be in format servicename:serviceport');
    }
    const hosts = new Map<string, HttpPath[]>();
    for (const rule of rules) {
      const match = RULE.exec(rule);
      if (match === null) {
        throw new Error(
          `rule ${rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`,
        );
      }
      const [, host = '', path = '/', serviceName = '', port = ''] = match;
      const prefix = path.endsWith('*');
      hosts.set(host, [
        ...(hosts.get(host) ?? []),
        {
          path: prefix ? path.slice(0, -1) : path,
          pathType: prefix ? 'Prefix' : 'Exact',
          backend: { service: serviceBackend(serviceName, port) },
        },
      ]);
    }
    const tls = tlsRules(rules);
    const annotations = Object.fromEntries(
      flags.list('annotation').map((text) => {
        if (!/^[^=]+=/.test(text))
          throw new Error(`annotation ${text} is invalid and should be in format key=[value]`);
        return [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)];
      }),
    );
    const [backendName = '', backendPort = ''] = fallback.split(':');
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { ...(Object.keys(annotations).length > 0 && { annotations }), name },
      spec: {
        ...(fallback !== '' && { defaultBackend: { service: serviceBackend(backendName, backendPort) } }),
        ...(flags.string('class') !== '' && { ingressClassName: flags.string('class') }),
        ...(hosts.size > 0 && {
          rules: [...hosts].map(([host, paths]) => ({ ...(host !== '' && { host }), http: { paths } })),
        }),
        ...(tls.length > 0 && { tls }),
      },
      status: { loadBalancer: {} },
    };
  },
};

/**
 * One entry for each secret; whatever stands behind the comma counts as one. A host is taken up once.
 * Models CreateIngressOptions.buildTLSRules.
 */
function tlsRules(rules: readonly string[]): { hosts?: string[]; secretName?: string }[] {
  const found: { hosts?: string[]; secretName?: string }[] = [];
  const seen = new Set<string>();
  for (const rule of rules) {
    const [, option, ...more] = rule.split(',');
    const host = rule.split('/', 1)[0]!;
    if (option === undefined || more.length > 0 || seen.has(host)) continue;
    seen.add(host);
    const secretName = option.split('=')[1] ?? '';
    const same = found.find((entry) => (entry.secretName ?? '') === secretName);
    if (same !== undefined) same.hosts = [...(same.hosts ?? []), host];
    else if (host !== '' || secretName !== '')
      found.push({ ...(host !== '' && { hosts: [host] }), ...(secretName !== '' && { secretName }) });
  }
  return found;
}

function serviceBackend(name: string, port: string) {
  const number = Number(port);
  if (!/^\d+$/.test(port)) return { name, port: { name: port } };
  return { name, port: number === 0 ? {} : { number } };
}
