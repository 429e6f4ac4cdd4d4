/** What is debugged, and how: a pod on a node, a copy of a pod, a container in the pod itself. */
export type DebugStyle = 'node' | 'copy' | 'ephemeral';

/** A container as far as it is changed here. */
export interface DebugContainer {
  readonly name: string;
  readonly [field: string]: unknown;
}

interface Profile {
  /** The pod on a node shares what the node has. */
  readonly hostNamespaces: boolean;
  /** It sees the node's files at /host. */
  readonly hostFiles: boolean;
  /** What was said of security before does not count. */
  readonly clears: readonly DebugStyle[];
  /** What is added to the container's security context, by style. */
  readonly security: Readonly<Partial<Record<DebugStyle, SecurityContext>>>;
}

interface SecurityContext {
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  readonly [field: string]: unknown;
}

const TRACING: SecurityContext = { capabilities: { add: ['SYS_PTRACE'] } };
const NETWORK: SecurityContext = { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } };
const PRIVILEGED: SecurityContext = { privileged: true };
const RESTRICTED: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const EVERYWHERE: readonly DebugStyle[] = ['node', 'copy', 'ephemeral'];
const inAll = (context: SecurityContext) => ({ node: context, copy: context, ephemeral: context });

/** Models pkg/cmd/debug/profiles.go. */
const PROFILES: Readonly<Record<string, Profile>> = {
  legacy: { hostNamespaces: true, hostFiles: true, clears: [], security: {} },
  general: {
    hostNamespaces: true,
    hostFiles: true,
    clears: ['node'],
    security: { copy: TRACING, ephemeral: TRACING },
  },
  baseline: { hostNamespaces: false, hostFiles: false, clears: EVERYWHERE, security: {} },
  restricted: { hostNamespaces: false, hostFiles: false, clears: EVERYWHERE, security: inAll(RESTRICTED) },
  netadmin: { hostNamespaces: true, hostFiles: false, clears: [], security: inAll(NETWORK) },
  sysadmin: { hostNamespaces: true, hostFiles: true, clears: [], security: inAll(PRIVILEGED) },
};

/** The profile of that name; throws an Error with kubectl's words. */
export function profileOf(name: string): Profile {
  const profile = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (profile === undefined) throw new Error(`unknown profile: ${name}`);
  return profile;
}

/** The container with what the profile gives it. */
export function secured(
  container: DebugContainer,
  { clears, security }: Profile,
  style: DebugStyle,
): DebugContainer {
  const { securityContext: given, ...rest } = container as DebugContainer & {
    securityContext?: SecurityContext;
  };
  const before = clears.includes(style) ? undefined : given;
  const added = security[style];
  if (added === undefined) return before === undefined ? { ...rest } : { ...rest, securityContext: before };
  const add = [...(before?.capabilities?.add ?? []), ...(added.capabilities?.add ?? [])];
  const capabilities = {
    ...before?.capabilities,
    ...added.capabilities,
    ...(add.length > 0 && { add: [...new Set(add)] }),
  };
  return {
    ...rest,
    securityContext: {
      ...before,
      ...added,
      ...(Object.keys(capabilities).length > 0 && { capabilities }),
    },
  };
}
