import { deepCopy } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import type { PostStartHook } from './hook.ts';
import { ensureObject } from './hook.ts';

const CONFIG_MAPS = { group: '', resource: 'configmaps' };
/** Servers of several versions must not take turns in making and deleting it. */
const INTERVAL = 30 * 60_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The ConfigMap that says since when the use of legacy service account tokens is tracked.
 * Models controlplane/controller/legacytokentracking.
 */
export const legacyTokenTracking: PostStartHook = {
  name: 'start-legacy-token-tracking-controller',
  keeps: { every: INTERVAL, resources: [CONFIG_MAPS] },
  async run(services) {
    const object: KubeObject = {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'kube-apiserver-legacy-service-account-token-tracking', namespace: 'kube-system' },
      data: { since: formatTime(services.clock.now()).slice(0, 'yyyy-mm-dd'.length) },
    };
    await ensureObject(services, CONFIG_MAPS, object, { correct });
  },
};

function correct(live: KubeObject, wanted: KubeObject): KubeObject | undefined {
  if (DATE.test(String(live['data']?.['since']))) return undefined;
  return { ...deepCopy(live), data: { ...live['data'], ...wanted['data'] } };
}
