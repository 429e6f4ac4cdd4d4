import type { Container, Pod } from 'kubernetes-types/core/v1';
import type { ContainerConfig, Mount } from '../../cri/runtime-service.ts';
import { nameOf, namespaceOf, uidOf } from '../types.ts';
import { containerHash } from './pod-actions.ts';
import { CONTAINER_HASH, CONTAINER_NAME_LABEL, CONTAINER_RESTART_COUNT, podLabels } from './pod-status.ts';

export interface ContainerEnvironment {
  readonly envs: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
}

/** Models kuberuntime generateContainerConfig. */
export function containerConfig(
  pod: Pod,
  container: Container,
  restartCount: number,
  { envs, mounts }: ContainerEnvironment,
): ContainerConfig {
  const { name } = container;
  return {
    metadata: { name, attempt: restartCount },
    image: container.image ?? '',
    command: (container.command ?? []).map((word) => expand(word, envs)),
    args: (container.args ?? []).map((word) => expand(word, envs)),
    workingDir: container.workingDir ?? '',
    envs: Object.entries(envs).map(([key, value]) => ({ key, value })),
    mounts,
    labels: { ...podLabels(pod), [CONTAINER_NAME_LABEL]: name },
    annotations: {
      [CONTAINER_HASH]: containerHash(container),
      [CONTAINER_RESTART_COUNT]: String(restartCount),
    },
    logPath: `${name}/${restartCount}.log`,
  };
}

/** "/var/log/pods/default_web_5a7dd5ed-…". */
export function podLogsDirectory(pod: Pod): string {
  return `/var/log/pods/${namespaceOf(pod)}_${nameOf(pod)}_${uidOf(pod)}`;
}

/** Fills "$(NAME)" in; "$$(NAME)" stays as "$(NAME)". Models third_party/forked/golang/expansion. */
export function expand(text: string, envs: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (match, name: string | undefined) =>
    match === '$$' ? '$' : (envs[name!] ?? match),
  );
}

/** A value of the pod itself: "metadata.name", "status.podIP", "metadata.labels['app']". */
export function podField(pod: Pod, path: string, addresses: { podIP: string; hostIP: string }): string {
  const subscript = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (subscript !== null) {
    return pod.metadata?.[subscript[1] as 'labels' | 'annotations']?.[subscript[2]!] ?? '';
  }
  const values: Readonly<Record<string, string | undefined>> = {
    'metadata.name': pod.metadata?.name,
    'metadata.namespace': pod.metadata?.namespace,
    'metadata.uid': pod.metadata?.uid,
    'spec.nodeName': pod.spec?.nodeName,
    'spec.serviceAccountName': pod.spec?.serviceAccountName,
    'status.podIP': addresses.podIP,
    'status.podIPs': addresses.podIP,
    'status.hostIP': addresses.hostIP,
    'status.hostIPs': addresses.hostIP,
  };
  return values[path] ?? '';
}
