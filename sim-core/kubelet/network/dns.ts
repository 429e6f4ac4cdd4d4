import type { Pod } from 'kubernetes-types/core/v1';
import type { DnsConfig } from '../../cri/runtime-service.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { namespaceOf } from '../types.ts';

export interface ClusterDns {
  /** clusterDNS. */
  readonly servers: readonly string[];
  /** clusterDomain. */
  readonly domain: string;
  /** The machine's resolv.conf for pods. */
  readonly resolvConf: string;
}

const MAX_SERVERS = 3;
const DEFAULT_OPTIONS = ['ndots:5'];

/** What a pod's resolv.conf says. Models pkg/kubelet/network/dns Configurer.GetPodDNS. */
export function podDns(pod: Pod, { servers, domain, resolvConf }: ClusterDns, files: FileSystem): DnsConfig {
  const host = hostDns(resolvConf, files);
  const { dnsPolicy = 'ClusterFirst', hostNetwork = false, dnsConfig } = pod.spec!;
  const usesCluster =
    dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork);
  let base: DnsConfig = host;
  if (dnsPolicy === 'None') base = { servers: [], searches: [], options: [] };
  else if (usesCluster && servers.length > 0) {
    const zones = [`${namespaceOf(pod)}.svc.${domain}`, `svc.${domain}`, domain];
    base = { servers, searches: [...zones, ...host.searches], options: DEFAULT_OPTIONS };
  }
  const named = new Map(base.options.map((option) => [option.split(':')[0]!, option]));
  for (const { name = '', value } of dnsConfig?.options ?? []) {
    named.set(name, value === undefined || value === '' ? name : `${name}:${value}`);
  }
  return {
    servers: [...new Set([...base.servers, ...(dnsConfig?.nameservers ?? [])])].slice(0, MAX_SERVERS),
    searches: [...new Set([...base.searches, ...(dnsConfig?.searches ?? [])])],
    options: [...named.values()],
  };
}

function hostDns(path: string, files: FileSystem): DnsConfig {
  const lines = files.exists(path) ? files.read(path).split('\n') : [];
  const settings = lines.map((line) => line.trim().split(/\s+/));
  const wordsOf = (keyword: string) =>
    settings.flatMap(([first, ...words]) => (first === keyword ? words : []));
  return {
    servers: wordsOf('nameserver'),
    searches: wordsOf('search').filter((domain) => domain !== '.'),
    options: wordsOf('options'),
  };
}
