import type { Container, Pod } from 'kubernetes-types/core/v1';
import { deepCopy } from '../../apimachinery/copy.ts';
import { Rand } from '../../clock/rand.ts';
import { CONFIG_HASH, CONFIG_SEEN, CONFIG_SOURCE } from '../types.ts';

/**
 * A static pod as the kubelet runs it: the name gets the node's, the uid comes from the file's content.
 *
 * Models pkg/kubelet/config/common.go applyDefaults.
 */
export function staticPodOf(manifest: Pod, path: string, nodeName: string, now: number): Pod {
  const pod: Pod = { ...deepCopy(manifest), status: { phase: 'Pending' } };
  const uid = hashOf(`${nodeName}\n${path}\n${JSON.stringify(manifest)}`);
  const spec = pod.spec!;
  pod.metadata = {
    ...pod.metadata,
    name: `${pod.metadata?.name ?? ''}-${nodeName.toLowerCase()}`,
    namespace: pod.metadata?.namespace ?? 'default',
    uid,
    annotations: {
      ...pod.metadata?.annotations,
      [CONFIG_HASH]: uid,
      [CONFIG_SEEN]: new Date(now).toISOString().replace('Z', '000000Z'),
      [CONFIG_SOURCE]: 'file',
    },
  };
  spec.nodeName = nodeName;
  spec.restartPolicy ??= 'Always';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ??= 'ClusterFirst';
  spec.schedulerName ??= 'default-scheduler';
  spec.enableServiceLinks ??= true;
  spec.securityContext ??= {};
  spec.tolerations = [...(spec.tolerations ?? []), { effect: 'NoExecute', operator: 'Exists' }];
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) fillContainer(container);
  return pod;
}

function fillContainer(container: Container): void {
  const tag = /:([\w][\w.-]*)$/.exec(container.image ?? '')?.[1] ?? 'latest';
  container.imagePullPolicy ??= tag === 'latest' ? 'Always' : 'IfNotPresent';
  container.terminationMessagePath ??= '/dev/termination-log';
  container.terminationMessagePolicy ??= 'File';
  container.resources ??= {};
}

/** 32 hexadecimal digits that stand for the text. */
function hashOf(text: string): string {
  return [...new Rand(text).bytes(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
