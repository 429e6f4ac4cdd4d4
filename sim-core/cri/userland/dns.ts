import { ConnectionError } from '../../apimachinery/http.ts';
import type { ProgramEnvironment } from '../../node/program.ts';

/** What a resolver found: the full name and its addresses, or why there are none. */
export type Resolution =
  | { readonly name: string; readonly addresses: readonly string[] }
  | { readonly problem: 'NXDOMAIN' | 'SERVFAIL' | 'timeout'; readonly name: string };

const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

interface ResolvConf {
  readonly nameserver: string | undefined;
  readonly search: readonly string[];
  readonly ndots: number;
}

/** The resolver's configuration as the program sees it. */
export function resolvConf({ files }: ProgramEnvironment): ResolvConf {
  const text = files.exists('/etc/resolv.conf') ? files.read('/etc/resolv.conf') : '';
  return {
    nameserver: /^nameserver\s+(\S+)/m.exec(text)?.[1],
    search: /^search\s+(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? [],
    ndots: Number(/^options\s.*ndots:(\d+)/m.exec(text)?.[1] ?? 1),
  };
}

/** Looks a host up as libc does: numbers, /etc/hosts, then the search list. */
export async function resolveHost(environment: ProgramEnvironment, host: string): Promise<Resolution> {
  if (ADDRESS.test(host)) return { name: host, addresses: [host] };
  const { files } = environment;
  const hosts = files.exists('/etc/hosts') ? files.read('/etc/hosts') : '';
  for (const line of hosts.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (address !== undefined && ADDRESS.test(address) && names.includes(host))
      return { name: host, addresses: [address] };
  }
  return askDns(environment, host);
}

/** Asks the name server alone. */
export async function askDns(environment: ProgramEnvironment, host: string): Promise<Resolution> {
  const { nameserver, search, ndots } = resolvConf(environment);
  const asGiven = host.replace(/\.$/, '');
  const searched = search.map((domain) => `${asGiven}.${domain}`);
  const dots = asGiven.split('.').length - 1;
  const names = host.endsWith('.')
    ? [asGiven]
    : dots >= ndots
      ? [asGiven, ...searched]
      : [...searched, asGiven];
  let last: Resolution = { name: host, problem: 'NXDOMAIN' };
  for (const name of names) {
    last = await query(environment, nameserver, name);
    if ('addresses' in last || last.problem === 'timeout') return last;
  }
  return last;
}

/** How long a resolver waits for a server that does not answer. */
const TIMEOUT_MS = 10_000;

async function query(
  { machine, clock, killed }: ProgramEnvironment,
  nameserver: string | undefined,
  name: string,
): Promise<Resolution> {
  if (nameserver === undefined) return { name, problem: 'SERVFAIL' };
  try {
    const response = await machine.network.request(nameserver, DNS_PORT, {
      method: 'GET',
      path: `/${encodeURIComponent(name)}?type=A`,
      headers: {},
      body: '',
    });
    const body = typeof response.body === 'string' ? response.body : '';
    if (response.status === 200) return { name, addresses: body.split('\n').filter((line) => line !== '') };
    return { name, problem: response.status === 404 ? 'NXDOMAIN' : 'SERVFAIL' };
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    await clock.sleep(TIMEOUT_MS, { context: killed });
    return { name, problem: 'timeout' };
  }
}

const DNS_PORT = 53;
