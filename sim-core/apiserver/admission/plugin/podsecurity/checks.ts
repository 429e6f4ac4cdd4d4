import type { Capabilities, Container, PodSpec, SecurityContext } from 'kubernetes-types/core/v1';

/** Why a pod breaks a rule: "host namespaces" and "hostNetwork=true". */
interface Violation {
  readonly reason: string;
  readonly detail: string;
}

interface Check {
  readonly level: 'baseline' | 'restricted';
  /** Restricted checks that take the place of this baseline check. */
  readonly overriddenBy?: string;
  check(spec: PodSpec, containers: readonly NamedContainer[]): Violation | undefined;
}

type NamedContainer = Pick<Container, 'name' | 'ports'> & { readonly securityContext?: SecurityContext };

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

/** In the order in which violations are told. Models k8s.io/pod-security-admission/policy. */
const CHECKS: Readonly<Record<string, Check>> = {
  capabilities_baseline: {
    level: 'baseline',
    overriddenBy: 'capabilities_restricted',
    check: (_spec, containers) =>
      addedCapabilities('non-default capabilities', containers, DEFAULT_CAPABILITIES),
  },
  hostNamespaces: {
    level: 'baseline',
    check(spec) {
      const used = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((key) => spec[key]);
      if (used.length === 0) return undefined;
      return { reason: 'host namespaces', detail: used.map((key) => `${key}=true`).join(', ') };
    },
  },
  hostPathVolumes: {
    level: 'baseline',
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
  privileged: {
    level: 'baseline',
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
    check(_spec, containers) {
      const bad = containers.filter(
        ({ securityContext }) => (securityContext?.procMount ?? 'Default') !== 'Default',
      );
      if (bad.length === 0) return undefined;
      const mounts = [...new Set(bad.map(({ securityContext }) => securityContext!.procMount!))];
      return {
        reason: 'procMount',
        detail: `${named(bad)} must not set securityContext.procMount to ${quoted(mounts)}`,
      };
    },
  },
  seLinuxOptions: {
    level: 'baseline',
    check(spec, containers) {
      const bad = [spec.securityContext, ...containers.map(({ securityContext }) => securityContext)].flatMap(
        (context) => {
          const options = context?.seLinuxOptions;
          if (!options) return [];
          return !SELINUX_TYPES.has(options.type ?? '') || options.user || options.role ? [options] : [];
        },
      );
      if (bad.length === 0) return undefined;
      const types = bad.flatMap(({ type }) =>
        SELINUX_TYPES.has(type ?? '') ? [] : [`type ${quoted([type!])}`],
      );
      const users = bad.some(({ user }) => user) ? ['user may not be set'] : [];
      const roles = bad.some(({ role }) => role) ? ['role may not be set'] : [];
      const detail = [...types, ...users, ...roles].join('; ');
      return {
        reason: 'seLinuxOptions',
        detail: `pod or containers set forbidden securityContext.seLinuxOptions: ${detail}`,
      };
    },
  },
  seccompProfile_baseline: {
    level: 'baseline',
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
    check(spec) {
      const bad = (spec.securityContext?.sysctls ?? [])
        .map(({ name }) => name)
        .filter((name) => !SAFE_SYSCTLS.has(name));
      return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') };
    },
  },
  allowPrivilegeEscalation: {
    level: 'restricted',
    check: (_spec, containers) =>
      ofContainers(
        'allowPrivilegeEscalation != false',
        containers,
        ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false,
        'must set securityContext.allowPrivilegeEscalation=false',
      ),
  },
  capabilities_restricted: {
    level: 'restricted',
    check(_spec, containers) {
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
  restrictedVolumes: {
    level: 'restricted',
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
    check(spec, containers) {
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
    check(spec, containers) {
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
    check(spec, containers) {
      const good = (context: { seccompProfile?: { type: string } } | undefined) =>
        ['RuntimeDefault', 'Localhost'].includes(context?.seccompProfile?.type ?? '');
      const ofPod = good(spec.securityContext);
      const bad = containers.filter(({ securityContext }) =>
        securityContext?.seccompProfile === undefined ? !ofPod : !good(securityContext),
      );
      if (bad.length === 0) return undefined;
      return {
        reason: 'seccompProfile',
        detail: `pod or ${named(bad)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
      };
    },
  },
};

/** All rules of a level that a pod breaks, told as one: "hostPort (container …), privileged (…)"; "" for none. */
export function violationsOf(level: string, spec: PodSpec): string {
  if (level !== 'baseline' && level !== 'restricted') return '';
  const containers: NamedContainer[] = [
    ...(spec.initContainers ?? []),
    ...(spec.containers ?? []),
    ...(spec.ephemeralContainers ?? []),
  ];
  return Object.values(CHECKS)
    .filter((check) => (level === 'baseline' ? check.level === 'baseline' : check.overriddenBy === undefined))
    .flatMap((check) => check.check(spec, containers) ?? [])
    .map(({ reason, detail }) => `${reason} (${detail})`)
    .join(', ');
}
