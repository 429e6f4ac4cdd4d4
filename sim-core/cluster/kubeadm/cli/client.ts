import { RestClient } from '../../../client-go/rest/client.ts';
import { clientConfig } from '../../../kubectl/clientcmd/client-config.ts';
import { kubeconfigPaths, loadKubeconfig } from '../../../kubectl/clientcmd/kubeconfig.ts';
import { FlagSet } from '../../../kubectl/cobra/flags.ts';
import { GLOBAL_FLAGS } from '../../../kubectl/genericclioptions/global-flags.ts';
import { resolvePath } from '../../../node/path.ts';
import { KUBERNETES_VERSION } from '../../../version.ts';
import type { KubeadmInvocation } from './command.ts';
import { fail } from './command.ts';

export const ADMIN_KUBECONFIG = '/etc/kubernetes/admin.conf';

/** What a kubeconfig file says, and a client for the cluster that it is for. */
export interface KubeconfigClient {
  readonly client: RestClient;
  readonly config: ReturnType<typeof clientConfig>;
}

/** Ends kubeadm if there is no such file or it cannot be read. Models kubeconfig.ClientSetFromFile. */
export async function clientFromFile(invocation: KubeadmInvocation, path: string): Promise<KubeconfigClient> {
  const { environment, network } = invocation;
  const { machine, cwd, variables, clock } = environment;
  const { files } = machine;
  const absolute = resolvePath(cwd, path);
  if (!files.exists(absolute))
    throw fail(`failed to load admin kubeconfig: open ${path}: no such file or directory`);
  const rules = { files, cwd, variables, explicitPath: absolute };
  const module = import('../../../kubectl/clientcmd/kubeconfig-yaml.ts');
  const { parseKubeconfig } = await clock.outside(module);
  try {
    const config = clientConfig(loadKubeconfig(rules, parseKubeconfig), new FlagSet(GLOBAL_FLAGS), files);
    const { server, tls, bearerToken } = config;
    const client = new RestClient({
      host: server,
      transport: network.transport(machine, server, tls),
      userAgent: `kubeadm/${KUBERNETES_VERSION} (linux/amd64) kubernetes/$Format`,
      ...(bearerToken !== undefined && { bearerToken }),
    });
    return { client, config };
  } catch (error) {
    throw fail(`failed to load admin kubeconfig: ${(error as Error).message}`);
  }
}

/**
 * The file that a flag names, or else the first of the reader's own and the administrator's that is there.
 *
 * Models cmdutil.GetKubeConfigPath.
 */
export function kubeconfigPath({ environment }: KubeadmInvocation, flag: string): string {
  if (flag !== '') return flag;
  const { machine, cwd, variables } = environment;
  const own = kubeconfigPaths({ cwd, variables });
  const named = (variables['KUBECONFIG'] ?? '') !== '';
  const found = own.find((path) => named || machine.files.exists(path));
  return found ?? ADMIN_KUBECONFIG;
}
