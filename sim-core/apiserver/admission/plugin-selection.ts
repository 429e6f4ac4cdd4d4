import type { PodSecurityConfiguration } from './plugin/podsecurity/configuration.ts';

/** --enable-admission-plugins, --disable-admission-plugins and --admission-control-config-file. */
export interface AdmissionSelection {
  readonly enabled: readonly string[];
  readonly disabled: readonly string[];
  readonly podSecurity?: PodSecurityConfiguration;
}

/** As kubeadm sets up a cluster. */
export const KUBEADM_SELECTION: AdmissionSelection = { enabled: ['NodeRestriction'], disabled: [] };

/** What a plugin does, and whether it does so without being asked. */
interface PluginTraits {
  readonly mutating?: boolean;
  readonly validating?: boolean;
  readonly off?: boolean;
}

const MUTATING: PluginTraits = { mutating: true };
const VALIDATING: PluginTraits = { validating: true };
const BOTH: PluginTraits = { mutating: true, validating: true };
const off = (traits: PluginTraits): PluginTraits => ({ ...traits, off: true });

/**
 * All plugins in the order in which they run.
 * Models pkg/kubeapiserver/options/plugins.go AllOrderedPlugins and DefaultOffAdmissionPlugins.
 */
const ORDERED = {
  NamespaceLifecycle: MUTATING,
  LimitRanger: BOTH,
  ServiceAccount: BOTH,
  NodeRestriction: off(MUTATING),
  TaintNodesByCondition: MUTATING,
  AlwaysPullImages: off(BOTH),
  PodSecurity: VALIDATING,
  PodNodeSelector: off(BOTH),
  Priority: BOTH,
  DefaultTolerationSeconds: MUTATING,
  ExtendedResourceToleration: off(MUTATING),
  DefaultStorageClass: MUTATING,
  StorageObjectInUseProtection: MUTATING,
  PersistentVolumeClaimResize: VALIDATING,
  RuntimeClass: BOTH,
  CertificateApproval: VALIDATING,
  CertificateSigning: VALIDATING,
  ClusterTrustBundleAttest: VALIDATING,
  CertificateSubjectRestriction: VALIDATING,
  DefaultIngressClass: MUTATING,
  DenyServiceExternalIPs: off(VALIDATING),
  PodTopologyLabels: MUTATING,
  MutatingAdmissionPolicy: MUTATING,
  MutatingAdmissionWebhook: MUTATING,
  ValidatingAdmissionPolicy: VALIDATING,
  ValidatingAdmissionWebhook: VALIDATING,
  ResourceQuota: VALIDATING,
} as const satisfies Record<string, PluginTraits>;

export type PluginName = keyof typeof ORDERED;
const entries = Object.entries(ORDERED) as [PluginName, PluginTraits][];

/** The plugins that run, in order. */
export function selectedPlugins({ enabled, disabled }: AdmissionSelection): readonly PluginName[] {
  return entries
    .filter(([name, { off: isOff }]) => !disabled.includes(name) && (!isOff || enabled.includes(name)))
    .map(([name]) => name);
}

/** Those of the plugins that change objects, or that check them. */
export const pluginsThatAre = (selection: AdmissionSelection, what: 'mutating' | 'validating') =>
  selectedPlugins(selection).filter((name) => (ORDERED[name] as PluginTraits)[what]);

/** What is wrong with the flags. Models AdmissionOptions.Validate. */
export function selectionFault({ enabled, disabled }: AdmissionSelection): string | undefined {
  const unknown = (flag: string, names: readonly string[]) => {
    const name = names.find((given) => !Object.hasOwn(ORDERED, given));
    return name === undefined ? undefined : `${flag} plugin ${JSON.stringify(name)} is unknown`;
  };
  const both = enabled.filter((name) => disabled.includes(name));
  return (
    unknown('enable-admission-plugins', enabled) ??
    unknown('disable-admission-plugins', disabled) ??
    (both.length === 0
      ? undefined
      : `[${both.join(' ')}] in enable-admission-plugins and disable-admission-plugins overlapped`)
  );
}
