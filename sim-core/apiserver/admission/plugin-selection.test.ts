import { describe, expect, test } from 'vitest';
import { KUBEADM_SELECTION, pluginsThatAre, selectedPlugins, selectionFault } from './plugin-selection.ts';

describe('the plugins of a kubeadm cluster', () => {
  test('those that change objects', () => {
    expect(pluginsThatAre(KUBEADM_SELECTION, 'mutating').join()).toBe(
      'NamespaceLifecycle,LimitRanger,ServiceAccount,NodeRestriction,TaintNodesByCondition,Priority,DefaultTolerationSeconds,DefaultStorageClass,StorageObjectInUseProtection,RuntimeClass,DefaultIngressClass,PodTopologyLabels,MutatingAdmissionPolicy,MutatingAdmissionWebhook',
    );
  });

  test('those that check them', () => {
    expect(pluginsThatAre(KUBEADM_SELECTION, 'validating').join()).toBe(
      'LimitRanger,ServiceAccount,PodSecurity,Priority,PersistentVolumeClaimResize,RuntimeClass,CertificateApproval,CertificateSigning,ClusterTrustBundleAttest,CertificateSubjectRestriction,ValidatingAdmissionPolicy,ValidatingAdmissionWebhook,ResourceQuota',
    );
  });
});

test('flags add plugins and take them away', () => {
  const names = selectedPlugins({ enabled: ['AlwaysPullImages'], disabled: ['PodSecurity', 'Priority'] });
  expect(names).toContain('AlwaysPullImages');
  for (const name of ['PodSecurity', 'Priority', 'NodeRestriction']) expect(names).not.toContain(name);
});

test.each([
  [['NodeRestriction'], ['Priority'], undefined],
  [['Ghost'], [], 'enable-admission-plugins plugin "Ghost" is unknown'],
  [['toString'], [], 'enable-admission-plugins plugin "toString" is unknown'],
  [[], ['Ghost'], 'disable-admission-plugins plugin "Ghost" is unknown'],
  [
    ['Priority', 'PodSecurity'],
    ['Priority'],
    '[Priority] in enable-admission-plugins and disable-admission-plugins overlapped',
  ],
])('enable %j, disable %j: %s', (enabled, disabled, fault) => {
  expect(selectionFault({ enabled, disabled })).toBe(fault);
});
