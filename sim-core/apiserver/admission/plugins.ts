import type { ServerServices } from '../registry/rest/server-services.ts';
import type { AdmissionSelection, PluginName } from './plugin-selection.ts';
import { selectedPlugins } from './plugin-selection.ts';
import type { LazyRow } from './lazy-plugin.ts';
import { lazyPlugin } from './lazy-plugin.ts';
import { LAZY_PLUGINS } from './lazy-plugins.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { DefaultTolerationSeconds } from './plugin/defaulttolerationseconds/admission.ts';
import { NamespaceLifecycle } from './plugin/namespacelifecycle/admission.ts';
import { TaintNodesByCondition } from './plugin/nodetaint/admission.ts';
import { PodSecurity } from './plugin/podsecurity/admission.ts';
import { PodTopologyLabels } from './plugin/podtopologylabels/admission.ts';
import { MutatingAdmissionPolicy } from './plugin/policy/mutating/admission.ts';
import { ValidatingAdmissionPolicy } from './plugin/policy/validating/admission.ts';
import { Priority } from './plugin/priority/admission.ts';
import { ServiceAccount } from './plugin/serviceaccount/admission.ts';
import { MutatingAdmissionWebhook, ValidatingAdmissionWebhook } from './plugin/webhook/admission.ts';

type PluginClass = new (services: ServerServices, selection: AdmissionSelection) => AdmissionPlugin;

type LazyName = keyof typeof LAZY_PLUGINS;

/** What is asked about every pod, or knows only by itself whether it has something to do. */
const PLUGINS: Readonly<Record<Exclude<PluginName, LazyName>, PluginClass>> = {
  NamespaceLifecycle,
  ServiceAccount,
  TaintNodesByCondition,
  PodSecurity,
  Priority,
  DefaultTolerationSeconds,
  PodTopologyLabels,
  MutatingAdmissionPolicy,
  MutatingAdmissionWebhook,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionWebhook,
};

/** The admission plugins of a server, in the order in which they run. */
export function admissionPlugins(
  services: ServerServices,
  selection: AdmissionSelection,
): readonly AdmissionPlugin[] {
  const isLazy = (name: PluginName): name is LazyName => Object.hasOwn(LAZY_PLUGINS, name);
  return selectedPlugins(selection).map((name) =>
    isLazy(name)
      ? lazyPlugin(name, services, LAZY_PLUGINS[name] as LazyRow<unknown>)
      : new PLUGINS[name](services, selection),
  );
}
