import type {
  Container,
  EphemeralContainer,
  LifecycleHandler,
  PodSpec,
  PodTemplateSpec,
  Probe,
} from 'kubernetes-types/core/v1';
import { Quantity } from '../../../../apimachinery/quantity/quantity.ts';
import { parseImageName } from '../../../util/image-name.ts';
import { defaultVolume } from './volume.ts';

/**
 * Fills a pod's or a template's spec in place. Cheap on a spec that is already filled.
 * Models pkg/apis/core/v1/defaults.go SetDefaults_PodSpec, with the conversion's deprecated serviceAccount.
 */
export function defaultPodSpec(spec: PodSpec): void {
  spec.dnsPolicy ??= 'ClusterFirst';
  spec.restartPolicy ??= 'Always';
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  spec.schedulerName ??= 'default-scheduler';
  const account = spec.serviceAccountName || spec.serviceAccount;
  if (account) {
    spec.serviceAccountName = account;
    spec.serviceAccount = account;
  }
  for (const container of spec.initContainers ?? []) defaultContainer(container);
  for (const container of spec.containers ?? []) defaultContainer(container);
  for (const container of spec.ephemeralContainers ?? []) defaultContainer(container);
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
  canonicalizeResources(spec.overhead);
}

/** Fills a workload's pod template in place. */
export function defaultPodTemplate(holder: { template?: PodTemplateSpec }): void {
  holder.template ??= {};
  const template = holder.template;
  template.metadata ??= {};
  // metav1.Time has no empty form: a template shows null.
  (template.metadata as { creationTimestamp?: string | null }).creationTimestamp ??= null;
  template.spec ??= {} as PodSpec;
  defaultPodSpec(template.spec);
}

/** Models SetDefaults_Container, SetDefaults_Probe and their like. */
function defaultContainer(container: Container | EphemeralContainer): void {
  container.imagePullPolicy ??=
    parseImageName(container.image ?? '')?.tag === 'latest' ? 'Always' : 'IfNotPresent';
  container.terminationMessagePath ??= '/dev/termination-log';
  container.terminationMessagePolicy ??= 'File';
  container.resources ??= {};
  canonicalizeResources(container.resources.limits);
  canonicalizeResources(container.resources.requests);
  for (const port of container.ports ?? []) port.protocol ??= 'TCP';
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ??= 'v1';
    if (valueFrom?.resourceFieldRef) valueFrom.resourceFieldRef.divisor ??= '0';
  }
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) {
    if (probe) defaultProbe(probe);
  }
  for (const handler of [container.lifecycle?.postStart, container.lifecycle?.preStop]) {
    if (handler) defaultHandler(handler);
  }
}

function defaultProbe(probe: Probe): void {
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  if (probe.grpc) probe.grpc.service ??= '';
  defaultHandler(probe);
}

function defaultHandler(handler: Pick<LifecycleHandler, 'httpGet'>): void {
  if (!handler.httpGet) return;
  handler.httpGet.path ||= '/';
  handler.httpGet.scheme ||= 'HTTP';
}

/** The smallest step of a resource. */
const MILLI = -3;

/**
 * Rewrites quantities to their canonical texts, in whole thousandths: "0.5" becomes "500m".
 * Models SetDefaults_ResourceList.
 */
export function canonicalizeResources(list: Record<string, string> | undefined): void {
  for (const name of Object.keys(list ?? {})) {
    const text: unknown = list![name];
    list![name] = Quantity.parse(String(text)).roundUp(MILLI).toString();
  }
}
