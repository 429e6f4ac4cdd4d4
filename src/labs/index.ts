import auditVolume from './audit-volume.ts';
import backupManifest from './backup-manifest.ts';
import certificateExpired from './certificate-expired.ts';
import certificatePath from './certificate-path.ts';
import etcdCa from './etcd-ca.ts';
import etcdPort from './etcd-port.ts';
import etcdRestore from './etcd-restore.ts';
import kubeconfigMissing from './kubeconfig-missing.ts';
import kubeconfigPort from './kubeconfig-port.ts';
import kubeletConfig from './kubelet-config.ts';
import kubeletManifest from './kubelet-manifest.ts';
import kubeletStopped from './kubelet-stopped.ts';
import podSecurity from './pod-security.ts';
import probePort from './probe-port.ts';
import rbacForbidden from './rbac-forbidden.ts';
import serviceRange from './service-range.ts';
import unknownFlag from './unknown-flag.ts';
import unreadableManifest from './unreadable-manifest.ts';
import type { Scenario } from './scenario.ts';

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'unknown-flag': unknownFlag,
  'unreadable-manifest': unreadableManifest,
  'etcd-port': etcdPort,
  'etcd-ca': etcdCa,
  'certificate-path': certificatePath,
  'certificate-expired': certificateExpired,
  'service-range': serviceRange,
  'probe-port': probePort,
  'backup-manifest': backupManifest,
  'audit-volume': auditVolume,
  'kubelet-stopped': kubeletStopped,
  'kubelet-config': kubeletConfig,
  'kubelet-manifest': kubeletManifest,
  'kubeconfig-port': kubeconfigPort,
  'kubeconfig-missing': kubeconfigMissing,
  'rbac-forbidden': rbacForbidden,
  'pod-security': podSecurity,
  'etcd-restore': etcdRestore,
};

/** Of all scenarios, in the order of the sidebar. */
export const SCENARIO_NAMES: readonly string[] = Object.keys(SCENARIOS);

/** Throws if there is no scenario of this name. */
export function findScenario(name: string): Scenario {
  const scenario = SCENARIOS[name];
  if (scenario === undefined) throw new Error(`there is no scenario ${JSON.stringify(name)}`);
  return scenario;
}
