import type {
  Capabilities,
  Container,
  LifecycleHandler,
  PodSpec,
  Probe,
  SecurityContext,
} from 'kubernetes-types/core/v1';
import type { LevelVersion } from './policy.ts';

/** Why a pod breaks a rule: "host namespaces" and "hostNetwork=true". */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

interface Check {
  readonly level: 'baseline' | 'restricted';
  /** The minor version that brought the check. */
  readonly since: number;
  /** The restricted check that takes the place of this baseline check. */
  readonly overriddenBy?: string;
  check(
    spec: PodSpec,
    containers: readonly NamedContainer[],
    version: number,
    metadata: Metadata,
  ): Violation | undefined;
}

interface Metadata {
  readonly annotations?: Readonly<Record<string, string>>;
}

type NamedContainer = Pick<
  Container,
  'name' | 'ports' | 'livenessProbe' | 'readinessProbe' | 'startupProbe' | 'lifecycle'
> & { readonly securityContext?: SecurityContext & { readonly appArmorProfile?: Profile } };
interface Profile {
  readonly type?: string;
}

/** A root of such a pod is none on its node. Models relaxPolicyForUserNamespacePod. */
const inUserNamespace = (spec: PodSpec, version: number) => version >= 35 && spec.hostUsers === false;
/** Some rules make no sense there. */
const isWindows = (spec: PodSpec, version: number) => version >= 25 && spec.os?.name === 'windows';

const SECCOMP_TYPES: readonly string[] = ['RuntimeDefault', 'Localhost'];
const quoted = (values: readonly string[]) => values.map((value) => JSON.stringify(value)).join(', ');
const plural = (singular: string, many: string, count: number) => (count === 1 ? singular : many);
const named = (containers: readonly NamedContainer[]) =>
  `${plural('container', 'containers', containers.length)} ${quoted(containers.map(({ name }) => name))}`;

/** A violation about those containers that `bad` says are bad. */
function ofContainers(
  reason: string,
  containers: readonly NamedContainer[],
  bad: (container: NamedContainer) => boolean,
  what: string,
): Violation | undefined {
  const found = containers.filter(bad);
  return found.length === 0 ? undefined : { reason, detail: `${named(found)} ${what}` };
}

const DEFAULT_CAPABILITIES = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);
const SAFE_SYSCTLS = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
]);
const RESTRICTED_VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);
const SELINUX_TYPES = new Set([
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
]);

/** Containers that add a capability which is not allowed. */
function addedCapabilities(
  reason: string,
  containers: readonly NamedContainer[],
  allowed: ReadonlySet<string>,
): Violation | undefined {
  const added = new Set<string>();
  const bad = containers.filter(({ securityContext }) => {
    const over = (securityContext?.capabilities?.add ?? []).filter((name) => !allowed.has(name));
    for (const name of over) added.add(name);
    return over.length > 0;
  });
  if (bad.length === 0) return undefined;
  return {
    reason,
    detail: `${named(bad)} must not include ${quoted([...added].sort())} in securityContext.capabilities.add`,
  };
}

function forbiddenProcMount(containers: readonly NamedContainer[]): Violation | undefined {
  const bad = containers.filter(
    ({ securityContext }) => (securityContext?.procMount ?? 'Default') !== 'Default',
  );
  if (bad.length === 0) return undefined;
  const mounts = [...new Set(bad.map(({ securityContext }) => securityContext!.procMount!))];
  return {
    reason: 'procMount',
    detail: `${named(bad)} must not set securityContext.procMount to ${quoted(mounts)}`,
  };
}

const APP_ARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const APP_ARMOR_ALLOWED = /^($|runtime\/default$|localhost\/)/;

/** The hosts that a container's probes and hooks reach for. */
function hostsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: NamedContainer): string[] {
  const handlers: (Probe | LifecycleHandler | undefined)[] = [
    livenessProbe,
    readinessProbe,
    startupProbe,
    lifecycle?.postStart,
    lifecycle?.preStop,
  ];
  return handlers.flatMap((handler) =>
    [handler?.httpGet?.host, handler?.tcpSocket?.host].flatMap((host) => host || []),
  );
}

/** In the order in which violations are told. Models k8s.io/pod-security-admission/policy. */
const CHECKS: Readonly<Record<string, Check>> = {
  appArmorProfile: {
    level: 'baseline',
    since: 0,
    check(spec, containers, _version, { annotations = {} }) {
      const isBad = (context: { appArmorProfile?: Profile } | undefined) =>
        context?.appArmorProfile !== undefined &&
        !['RuntimeDefault', 'Localhost'].includes(context.appArmorProfile.type ?? '');
      const ofPod = spec.securityContext as { appArmorProfile?: Profile } | undefined;
      const bad = containers.filter(({ securityContext }) => isBad(securityContext));
      const contexts = [
        ...(isBad(ofPod) ? [ofPod] : []),
        ...bad.map(({ securityContext }) => securityContext),
      ];
      const values = [...new Set(contexts.map((context) => context?.appArmorProfile?.type ?? ''))].sort();
      const notes = Object.entries(annotations)
        .filter(([key, value]) => key.startsWith(APP_ARMOR_ANNOTATION) && !APP_ARMOR_ALLOWED.test(value))
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .sort();
      const who = [
        ...(isBad(ofPod) ? ['pod'] : []),
        ...(bad.length > 0 ? [named(bad)] : []),
        ...(notes.length > 0 ? [plural('annotation', 'annotations', notes.length)] : []),
      ];
      if (who.length === 0) return undefined;
      const all = [...values, ...notes];
      return {
        reason: plural('forbidden AppArmor profile', 'forbidden AppArmor profiles', all.length),
        detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(all)}`,
      };
    },
  },
  capabilities_baseline: {
    level: 'baseline',
    since: 0,
    overriddenBy: 'capabilities_restricted',
    check: (_spec, containers) =>
      addedCapabilities('non-default capabilities', containers, DEFAULT_CAPABILITIES),
  },
  hostNamespaces: {
    level: 'baseline',
    since: 0,
    check(spec) {
      const used = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((key) => spec[key]);
      if (used.length === 0) return undefined;
      return { reason: 'host namespaces', detail: used.map((key) => `${key}=true`).join(', ') };
    },
  },
  hostPathVolumes: {
    level: 'baseline',
    since: 0,
    overriddenBy: 'restrictedVolumes',
    check(spec) {
      const names = (spec.volumes ?? []).filter((volume) => volume.hostPath).map((volume) => volume.name);
      if (names.length === 0) return undefined;
      return {
        reason: 'hostPath volumes',
        detail: `${plural('volume', 'volumes', names.length)} ${quoted(names)}`,
      };
    },
  },
  hostPorts: {
    level: 'baseline',
    since: 0,
    check(_spec, containers) {
      const bad = containers.filter(({ ports }) => ports?.some((port) => port.hostPort));
      if (bad.length === 0) return undefined;
      const ports = [
        ...new Set(
          bad.flatMap((container) => (container.ports ?? []).flatMap(({ hostPort }) => hostPort || [])),
        ),
      ].sort((a, b) => a - b);
      const detail = `${named(bad)} ${plural('uses', 'use', bad.length)} ${plural('hostPort', 'hostPorts', ports.length)} ${ports.join(', ')}`;
      return { reason: 'hostPort', detail };
    },
  },
  hostProbesAndHostLifecycle: {
    level: 'baseline',
    since: 34,
    check(_spec, containers) {
      const bad = containers.filter((container) => hostsOf(container).length > 0);
      if (bad.length === 0) return undefined;
      const names = [...new Set(bad.map(({ name }) => name))].sort();
      const hosts = [...new Set(bad.flatMap(hostsOf))].sort();
      const who = `${plural('container', 'containers', names.length)} ${quoted(names)} ${plural('uses', 'use', names.length)}`;
      const what = plural('probe or lifecycle host', 'probe or lifecycle hosts', hosts.length);
      return { reason: 'probe or lifecycle host', detail: `${who} ${what} ${quoted(hosts)}` };
    },
  },
  privileged: {
    level: 'baseline',
    since: 0,
    check: (_spec, containers) =>
      ofContainers(
        'privileged',
        containers,
        ({ securityContext }) => securityContext?.privileged === true,
        'must not set securityContext.privileged=true',
      ),
  },
  procMount: {
    level: 'baseline',
    since: 0,
    overriddenBy: 'procMount_restricted',
    check: (spec, containers, version) =>
      inUserNamespace(spec, version) ? undefined : forbiddenProcMount(containers),
  },
  seLinuxOptions: {
    level: 'baseline',
    since: 0,
    check(spec, containers) {
      const forbidden = (context: PodSpec['securityContext'] | SecurityContext) => {
        const { type = '', user, role } = context?.seLinuxOptions ?? {};
        return !SELINUX_TYPES.has(type) || Boolean(user) || Boolean(role);
      };
      const bad = containers.filter(({ securityContext }) => forbidden(securityContext));
      const who = [
        ...(forbidden(spec.securityContext) ? ['pod'] : []),
        ...(bad.length > 0 ? [named(bad)] : []),
      ];
      if (who.length === 0) return undefined;
      const options = [spec, ...bad].map(({ securityContext }) => securityContext?.seLinuxOptions ?? {});
      const types = [...new Set(options.map(({ type = '' }) => type))]
        .filter((type) => !SELINUX_TYPES.has(type))
        .sort();
      const what = [
        ...(types.length > 0 ? [`${plural('type', 'types', types.length)} ${quoted(types)}`] : []),
        ...(options.some(({ user }) => user) ? ['user may not be set'] : []),
        ...(options.some(({ role }) => role) ? ['role may not be set'] : []),
      ];
      return {
        reason: 'seLinuxOptions',
        detail: `${who.join(' and ')} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}`,
      };
    },
  },
  seccompProfile_baseline: {
    level: 'baseline',
    since: 0,
    overriddenBy: 'seccompProfile_restricted',
    check(spec, containers) {
      const unconfined = (context: { seccompProfile?: { type: string } } | undefined) =>
        context?.seccompProfile?.type === 'Unconfined';
      const bad = containers.filter(({ securityContext }) => unconfined(securityContext));
      const who = [
        ...(unconfined(spec.securityContext) ? ['pod'] : []),
        ...(bad.length > 0 ? [named(bad)] : []),
      ];
      if (who.length === 0) return undefined;
      return {
        reason: 'seccompProfile',
        detail: `${who.join(' and ')} must not set securityContext.seccompProfile.type to "Unconfined"`,
      };
    },
  },
  sysctls: {
    level: 'baseline',
    since: 0,
    check(spec) {
      const bad = (spec.securityContext?.sysctls ?? [])
        .map(({ name }) => name)
        .filter((name) => !SAFE_SYSCTLS.has(name));
      return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') };
    },
  },
  windowsHostProcess: {
    level: 'baseline',
    since: 0,
    check(spec, containers) {
      const isBad = (context: PodSpec['securityContext'] | SecurityContext) =>
        context?.windowsOptions?.hostProcess === true;
      const bad = containers.filter(({ securityContext }) => isBad(securityContext));
      const who = [...(isBad(spec.securityContext) ? ['pod'] : []), ...(bad.length > 0 ? [named(bad)] : [])];
      if (who.length === 0) return undefined;
      return {
        reason: 'hostProcess',
        detail: `${who.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`,
      };
    },
  },
  allowPrivilegeEscalation: {
    level: 'restricted',
    since: 8,
    check: (spec, containers, version) =>
      ofContainers(
        'allowPrivilegeEscalation != false',
        containers,
        ({ securityContext }) =>
          !isWindows(spec, version) && securityContext?.allowPrivilegeEscalation !== false,
        'must set securityContext.allowPrivilegeEscalation=false',
      ),
  },
  capabilities_restricted: {
    level: 'restricted',
    since: 22,
    check(spec, containers, version) {
      if (isWindows(spec, version)) return undefined;
      const dropsAll = (capabilities: Capabilities | undefined) =>
        capabilities?.drop?.includes('ALL') ?? false;
      const keeps = containers.filter(({ securityContext }) => !dropsAll(securityContext?.capabilities));
      const details =
        keeps.length === 0 ? [] : [`${named(keeps)} must set securityContext.capabilities.drop=["ALL"]`];
      const added = addedCapabilities('', containers, new Set(['NET_BIND_SERVICE']));
      if (added !== undefined) details.push(added.detail);
      return details.length === 0
        ? undefined
        : { reason: 'unrestricted capabilities', detail: details.join('; ') };
    },
  },
  procMount_restricted: {
    level: 'restricted',
    since: 35,
    check: (_spec, containers) => forbiddenProcMount(containers),
  },
  restrictedVolumes: {
    level: 'restricted',
    since: 0,
    check(spec) {
      const bad = (spec.volumes ?? []).flatMap((volume) => {
        const type = Object.keys(volume).find((key) => key !== 'name' && !RESTRICTED_VOLUMES.has(key));
        return type === undefined ? [] : [{ name: volume.name, type }];
      });
      if (bad.length === 0) return undefined;
      const types = [...new Set(bad.map(({ type }) => type))].sort();
      const detail =
        `${plural('volume', 'volumes', bad.length)} ${quoted(bad.map(({ name }) => name))} ` +
        `${plural('uses', 'use', bad.length)} restricted volume ${plural('type', 'types', types.length)} ${quoted(types)}`;
      return { reason: 'restricted volume types', detail };
    },
  },
  runAsNonRoot: {
    level: 'restricted',
    since: 0,
    check(spec, containers, version) {
      if (inUserNamespace(spec, version)) return undefined;
      const ofPod = spec.securityContext?.runAsNonRoot;
      const explicit = containers.filter(({ securityContext }) => securityContext?.runAsNonRoot === false);
      const implicit =
        ofPod === true
          ? []
          : containers.filter(({ securityContext }) => securityContext?.runAsNonRoot === undefined);
      const reason = 'runAsNonRoot != true';
      if (explicit.length > 0) {
        const who = ofPod === false ? `pod and ${named(explicit)}` : named(explicit);
        return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
      }
      if (implicit.length === 0) return undefined;
      if (ofPod === false) return { reason, detail: 'pod must not set securityContext.runAsNonRoot=false' };
      return { reason, detail: `pod or ${named(implicit)} must set securityContext.runAsNonRoot=true` };
    },
  },
  runAsUser: {
    level: 'restricted',
    since: 23,
    check(spec, containers, version) {
      if (inUserNamespace(spec, version)) return undefined;
      const bad = containers.filter(({ securityContext }) => securityContext?.runAsUser === 0);
      const who = [
        ...(spec.securityContext?.runAsUser === 0 ? ['pod'] : []),
        ...(bad.length > 0 ? [named(bad)] : []),
      ];
      return who.length === 0
        ? undefined
        : { reason: 'runAsUser=0', detail: `${who.join(' and ')} must not set runAsUser=0` };
    },
  },
  seccompProfile_restricted: {
    level: 'restricted',
    since: 19,
    check(spec, containers, version) {
      if (isWindows(spec, version)) return undefined;
      const isSet = (context: PodSpec['securityContext'] | SecurityContext) =>
        context?.seccompProfile !== undefined;
      const isBad = (context: PodSpec['securityContext'] | SecurityContext) =>
        isSet(context) && !SECCOMP_TYPES.includes(context!.seccompProfile!.type);
      const explicit = containers.filter(({ securityContext }) => isBad(securityContext));
      const who = [
        ...(isBad(spec.securityContext) ? ['pod'] : []),
        ...(explicit.length > 0 ? [named(explicit)] : []),
      ];
      const reason = 'seccompProfile';
      if (who.length > 0) {
        const types = [spec, ...explicit].flatMap(({ securityContext }) =>
          isBad(securityContext) ? [securityContext!.seccompProfile!.type] : [],
        );
        const values = quoted([...new Set(types)].sort());
        return {
          reason,
          detail: `${who.join(' and ')} must not set securityContext.seccompProfile.type to ${values}`,
        };
      }
      if (isSet(spec.securityContext)) return undefined;
      const implicit = containers.filter(({ securityContext }) => !isSet(securityContext));
      if (implicit.length === 0) return undefined;
      return {
        reason,
        detail: `pod or ${named(implicit)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
      };
    },
  },
};

/** The minor version of a policy. */
const minorOf = (version: string) => (version === 'latest' ? Infinity : Number(version.slice('v1.'.length)));

/** All rules of a level that a pod breaks. */
export function violationsOf(
  { level, version }: LevelVersion,
  spec: PodSpec,
  metadata: Metadata = {},
): Violation[] {
  if (level === 'privileged') return [];
  const minor = minorOf(version);
  const containers: NamedContainer[] = [
    ...(spec.initContainers ?? []),
    ...(spec.containers ?? []),
    ...(spec.ephemeralContainers ?? []),
  ];
  const isOverridden = ({ overriddenBy }: Check) =>
    overriddenBy !== undefined && CHECKS[overriddenBy]!.since <= minor;
  return Object.values(CHECKS)
    .filter((check) => check.since <= minor)
    .filter((check) => (level === 'baseline' ? check.level === 'baseline' : !isOverridden(check)))
    .flatMap((check) => check.check(spec, containers, minor, metadata) ?? []);
}

/** "hostPort (container …), privileged (…)"; "" for none. */
export const violationText = (violations: readonly Violation[]) =>
  violations.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');
