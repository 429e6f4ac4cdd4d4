import type { Container, Pod } from 'kubernetes-types/core/v1';
import type { ContainerConfig, ImageStatus, Mount } from '../../cri/runtime-service.ts';
import { nameOf, namespaceOf, podText, uidOf } from '../types.ts';
import { StartError } from './errors.ts';
import { containerHash } from './pod-actions.ts';
import { CONTAINER_HASH, CONTAINER_NAME_LABEL, CONTAINER_RESTART_COUNT, podLabels } from './pod-status.ts';
import { linuxResources } from './resources.ts';

export interface ContainerEnvironment {
  readonly envs: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
}

/** `targetId` is the container whose processes this one sees. Models kuberuntime generateContainerConfig. */
export function containerConfig(
  pod: Pod,
  container: Container,
  restartCount: number,
  { envs, mounts }: ContainerEnvironment,
  memoryCapacity: number,
  targetId?: string,
): ContainerConfig {
  const { name } = container;
  const podSecurity = pod.spec?.securityContext;
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
    stdin: container.stdin ?? false,
    stdinOnce: container.stdinOnce ?? false,
    tty: container.tty ?? false,
    resources: linuxResources(pod, container, memoryCapacity),
    security: {
      runAsUser: container.securityContext?.runAsUser ?? podSecurity?.runAsUser,
      runAsGroup: container.securityContext?.runAsGroup ?? podSecurity?.runAsGroup,
      supplementalGroups: supplementalGroupsOf(pod),
      ...(targetId !== undefined && { targetId }),
      readonlyRootfs: container.securityContext?.readOnlyRootFilesystem ?? false,
    },
  };
}

/** Models determineEffectiveSecurityContext with the groups of the volumes. */
function supplementalGroupsOf(pod: Pod): readonly number[] {
  const { supplementalGroups = [], fsGroup } = pod.spec?.securityContext ?? {};
  return fsGroup === undefined ? supplementalGroups : [...supplementalGroups, fsGroup];
}

/** Rejects a container that must not run as root and would. Models kuberuntime verifyRunAsNonRoot. */
export function verifyRunAsNonRoot(pod: Pod, container: Container, image: ImageStatus | undefined): void {
  const own = container.securityContext;
  const ofPod = pod.spec?.securityContext;
  if ((own?.runAsNonRoot ?? ofPod?.runAsNonRoot) !== true) return;
  const fail = (message: string) => {
    throw new StartError(
      'CreateContainerConfigError',
      `${message} (pod: ${JSON.stringify(podText(pod))}, container: ${container.name})`,
    );
  };
  const user = own?.runAsUser ?? ofPod?.runAsUser;
  if (user !== undefined) {
    if (user === 0) fail("container's runAsUser breaks non-root policy");
    return;
  }
  if (image?.uid === 0) fail('container has runAsNonRoot and image will run as root');
  if (image?.uid === undefined && (image?.username ?? '') !== '') {
    fail(
      `container has runAsNonRoot and image has non-numeric user (${image!.username}), cannot verify user is non-root`,
    );
  }
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
