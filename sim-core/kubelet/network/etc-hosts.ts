import type { Pod } from 'kubernetes-types/core/v1';
import type { FileSystem } from '../../node/file-system.ts';
import { namespaceOf, nameOf, uidOf } from '../types.ts';

const MAX_HOSTNAME = 63;

/** The host name of a pod: its own choice or its name, cut to what Linux takes. Models truncatePodHostnameIfNeeded. */
export function hostnameOf(pod: Pod): string {
  return (pod.spec?.hostname || nameOf(pod)).slice(0, MAX_HOSTNAME).replace(/[-.]+$/, '');
}

/** "web-0.nginx.default.svc.cluster.local", or "" for a pod without a subdomain. */
function domainNameOf(pod: Pod, domain: string): string {
  const { subdomain } = pod.spec!;
  return subdomain ? `${hostnameOf(pod)}.${subdomain}.${namespaceOf(pod)}.svc.${domain}` : '';
}

/** Where the hosts file of a pod lies on the machine. */
export function etcHostsPath(pod: Pod): string {
  return `/var/lib/kubelet/pods/${uidOf(pod)}/etc-hosts`;
}

/** Writes the hosts file that all containers of a pod share. Models ensureHostsFile. */
export function ensureHostsFile(files: FileSystem, pod: Pod, podIP: string, domain: string): void {
  const path = etcHostsPath(pod);
  files.makeDirectory(path.replace(/\/[^/]*$/, ''), { parents: true });
  files.write(path, pod.spec?.hostNetwork === true ? hostText(files) : podHostsText(pod, podIP, domain));
  const aliases = pod.spec?.hostAliases ?? [];
  if (aliases.length === 0) return;
  const lines = aliases.map(({ ip, hostnames }) => `${ip}\t${(hostnames ?? []).join('\t')}\n`);
  files.append(path, `\n# Entries added by HostAliases.\n${lines.join('')}`);
}

function hostText(files: FileSystem): string {
  const own = files.exists('/etc/hosts') ? files.read('/etc/hosts') : '';
  return `# Kubernetes-managed hosts file (host network).\n${own}`;
}

function podHostsText(pod: Pod, podIP: string, domain: string): string {
  const full = domainNameOf(pod, domain);
  return [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    `${podIP}\t${full === '' ? '' : `${full}\t`}${hostnameOf(pod)}`,
    '',
  ].join('\n');
}
