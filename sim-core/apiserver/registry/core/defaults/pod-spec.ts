import type {
  Container,
  EphemeralContainer,
  LifecycleHandler,
  PodSpec,
  PodTemplateSpec,
  Probe,
  Volume,
} from 'kubernetes-types/core/v1';
import { canonicalQuantity } from '../../../../apimachinery/quantity/quantity.ts';

const FILE_MODE = 0o644;

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
  container.imagePullPolicy ??= hasLatestTag(container.image ?? '') ? 'Always' : 'IfNotPresent';
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

/** A volume without a source is an empty directory. Models SetDefaults_Volume and those of its sources. */
function defaultVolume(volume: Volume): void {
  if (Object.keys(volume).every((key) => key === 'name')) volume.emptyDir = {};
  if (volume.secret) volume.secret.defaultMode ??= FILE_MODE;
  if (volume.configMap) volume.configMap.defaultMode ??= FILE_MODE;
  if (volume.hostPath) volume.hostPath.type ??= '';
  if (volume.iscsi) volume.iscsi.iscsiInterface ||= 'default';
  if (volume.downwardAPI) {
    volume.downwardAPI.defaultMode ??= FILE_MODE;
    defaultFieldRefs(volume.downwardAPI.items);
  }
  if (volume.projected) {
    volume.projected.defaultMode ??= FILE_MODE;
    for (const source of volume.projected.sources ?? []) {
      if (source.serviceAccountToken) source.serviceAccountToken.expirationSeconds ??= 3600;
      defaultFieldRefs(source.downwardAPI?.items);
    }
  }
  if (volume.ephemeral?.volumeClaimTemplate?.spec) {
    volume.ephemeral.volumeClaimTemplate.spec.volumeMode ??= 'Filesystem';
  }
}

function defaultFieldRefs(items: readonly { fieldRef?: { apiVersion?: string } }[] | undefined): void {
  for (const item of items ?? []) {
    if (item.fieldRef) item.fieldRef.apiVersion ??= 'v1';
  }
}

/** Rewrites quantities to their canonical texts: "0.5" becomes "500m". Unreadable ones stay. */
export function canonicalizeResources(list: Record<string, string> | undefined): void {
  for (const name of Object.keys(list ?? {})) {
    const text: unknown = list![name];
    list![name] = canonicalQuantity(String(text));
  }
}

/**
 * True if the image is meant to move: ":latest", or neither tag nor digest.
 * Models pkg/util/parsers ParseImageName.
 */
export function hasLatestTag(image: string): boolean {
  const digest = image.indexOf('@');
  const name = digest < 0 ? image : image.slice(0, digest);
  const colon = name.lastIndexOf(':');
  const tag = colon > name.lastIndexOf('/') ? name.slice(colon + 1) : '';
  return tag === 'latest' || (tag === '' && digest < 0 && image !== '');
}
