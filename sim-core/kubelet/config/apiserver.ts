import type { Pod } from 'kubernetes-types/core/v1';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { SharedInformer } from '../../client-go/tools/cache/shared-informer.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Rand } from '../../clock/rand.ts';
import { uidOf } from '../types.ts';
import type { PodConfig } from './pod-config.ts';

/**
 * The pods that the apiserver has for a node.
 *
 * Models pkg/kubelet/config/apiserver.go NewSourceApiserver.
 */
export function apiserverSource(
  client: RestClient,
  clock: Clock,
  rand: Rand,
  pods: PodConfig,
  nodeName: string,
): SharedInformer<Pod> {
  const informer = new SharedInformer<Pod>(client, clock, rand, {
    resource: RESOURCES.pods,
    fieldSelector: `spec.nodeName=${nodeName}`,
    resumeFrom: client.config.resumeFrom,
  });
  informer.addHandler({
    onAdd: (pod) => pods.set('api', pod),
    onUpdate: (old, pod) => {
      // Deleted and made again between two lists: another pod under the same name.
      if (uidOf(old) !== uidOf(pod)) pods.remove('api', uidOf(old));
      pods.set('api', pod);
    },
    onDelete: (pod) => pods.remove('api', uidOf(pod)),
  });
  return informer;
}
