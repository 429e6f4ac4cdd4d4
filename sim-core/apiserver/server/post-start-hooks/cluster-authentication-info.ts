import { deepCopy, deepEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { PostStartHook } from './hook.ts';
import { ensureObject } from './hook.ts';

/** How a kube-apiserver knows its clients, for servers behind it. */
export interface ClusterAuthenticationInfo {
  /** --client-ca-file as PEM. */
  readonly clientCA?: string;
  /** What the flags --requestheader-… say; missing: there is no proxy in front. */
  readonly requestHeader?: {
    /** PEM. */
    readonly clientCA: string;
    readonly allowedNames: readonly string[];
    readonly usernameHeaders: readonly string[];
    readonly groupHeaders: readonly string[];
    readonly extraHeaderPrefixes: readonly string[];
  };
}

const CONFIG_MAPS = { group: '', resource: 'configmaps' };
const INTERVAL = 60_000;

/**
 * The ConfigMap kube-system/extension-apiserver-authentication.
 * Models controlplane/controller/clusterauthenticationtrust.
 */
export const clusterAuthenticationInfo = (info: ClusterAuthenticationInfo): PostStartHook => ({
  name: 'start-cluster-authentication-info-controller',
  keeps: { every: INTERVAL, resources: [CONFIG_MAPS] },
  async run(services) {
    const object: KubeObject = {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'extension-apiserver-authentication', namespace: 'kube-system' },
      data: dataOf(info),
    };
    await ensureObject(services, CONFIG_MAPS, object, { correct });
  },
});

function dataOf({ clientCA, requestHeader }: ClusterAuthenticationInfo): Record<string, string> {
  return {
    ...(clientCA !== undefined && { 'client-ca-file': clientCA }),
    ...(requestHeader !== undefined && {
      'requestheader-allowed-names': JSON.stringify(requestHeader.allowedNames),
      'requestheader-client-ca-file': requestHeader.clientCA,
      'requestheader-extra-headers-prefix': JSON.stringify(requestHeader.extraHeaderPrefixes),
      'requestheader-group-headers': JSON.stringify(requestHeader.groupHeaders),
      'requestheader-username-headers': JSON.stringify(requestHeader.usernameHeaders),
    }),
  };
}

/** Other servers of the cluster may have added theirs: only what is missing or another's text is written. */
function correct(live: KubeObject, wanted: KubeObject): KubeObject | undefined {
  const data = { ...(live['data'] as object | undefined), ...(wanted['data'] as object | undefined) };
  if (deepEqual(data, live['data'] ?? {})) return undefined;
  return { ...deepCopy(live), data };
}
