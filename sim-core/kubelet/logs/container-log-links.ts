import type { Container, Pod } from 'kubernetes-types/core/v1';
import type { FileSystem } from '../../node/file-system.ts';
import { podLogsDirectory } from '../kuberuntime/container-config.ts';
import { nameOf, namespaceOf } from '../types.ts';

const DIRECTORY = '/var/log/containers';

/**
 * Keeps a link to the log of each container in one directory, under a name that log collectors read:
 * "kube-proxy-55nnb_kube-system_kube-proxy-f13365dbd24c….log".
 *
 * Models pkg/kubelet/kuberuntime/legacy.go legacyLogSymlink.
 */
export class ContainerLogLinks {
  readonly #files: FileSystem;

  constructor(files: FileSystem) {
    this.#files = files;
  }

  add(pod: Pod, { name }: Container, id: string, restartCount: number): void {
    this.#files.makeDirectory(DIRECTORY, { parents: true });
    const link = `${DIRECTORY}/${nameOf(pod)}_${namespaceOf(pod)}_${name}-${id}.log`;
    this.#files.link(`${podLogsDirectory(pod)}/${name}/${restartCount}.log`, link);
  }

  remove(id: string): void {
    if (!this.#files.exists(DIRECTORY)) return;
    const link = this.#files.list(DIRECTORY).find((name) => name.endsWith(`-${id}.log`));
    if (link !== undefined) this.#files.remove(`${DIRECTORY}/${link}`);
  }
}
