import type { KubeObject } from '../../apimachinery/object.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Rand } from '../../clock/rand.ts';
import type { PrivateKey } from '../../crypto/keys/private-key.ts';
import type { PublicKey } from '../../crypto/keys/public-key.ts';
import type { CertPool } from '../../crypto/x509/verify.ts';
import { GIT_COMMIT, KUBERNETES_VERSION } from '../../version.ts';
import type { AdmissionSelection } from '../admission/plugin-selection.ts';
import { KUBEADM_SELECTION } from '../admission/plugin-selection.ts';
import type { AdmissionPlugin } from '../admission/plugin.ts';
import { AnonymousAuthenticator } from '../authentication/anonymous.ts';
import type { TokenAuthenticator } from '../authentication/bearer-token.ts';
import { BearerTokenAuthenticator, UnionTokenAuthenticator } from '../authentication/bearer-token.ts';
import { BootstrapTokenAuthenticator } from '../authentication/bootstrap-token.ts';
import { CachedTokenAuthenticator } from '../authentication/token-cache.ts';
import { LazyTokens } from '../authentication/serviceaccount/tokens.ts';
import { SYSTEM_PRIVILEGED_GROUP } from '../authentication/user.ts';
import { X509Authenticator } from '../authentication/x509.ts';
import {
  AlwaysAllowAuthorizer,
  AlwaysDenyAuthorizer,
  PrivilegedGroupsAuthorizer,
} from '../authorization/always-allow.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import { RbacAuthorizer } from '../authorization/rbac/rbac.ts';
import { RbacRuleResolver } from '../authorization/rbac/rule-resolver.ts';
import type { AuditBackend } from '../endpoints/filters/audit-log.ts';
import type { ObjectReader, RevisionedReader } from '../registry/rest/object-store.ts';
import type { ResourceDefinition } from '../registry/rest/resource.ts';
import type {
  Dial,
  KubeletTransport,
  ServerServices,
  ServerSettings,
} from '../registry/rest/server-services.ts';
import type { TransformerOf } from '../storage/value/encryption-config.ts';
import type { ApiGroup, ApiServerConfig, AuthenticationConfig } from './config.ts';
import type { ServingLimits } from './handler-chain.ts';
import type { ClusterAuthenticationInfo } from './post-start-hooks/cluster-authentication-info.ts';

/** The flags of a kube-apiserver, as far as they change what it does. */
export interface KubeApiServerOptions {
  readonly settings: ServerSettings;
  /** The authorities of --client-ca-file. */
  readonly clientCA: CertPool;
  /** The files of --client-ca-file and --requestheader-client-ca-file, and what else clients are known by. */
  readonly clusterAuthentication?: ClusterAuthenticationInfo;
  /** --authorization-mode, in order. */
  readonly authorizationModes: readonly ('AlwaysAllow' | 'AlwaysDeny' | 'Node' | 'RBAC')[];
  /** --anonymous-auth. */
  readonly anonymousAuth: boolean;
  /** --max-requests-inflight, --max-mutating-requests-inflight and --request-timeout; default: upstream's. */
  readonly limits?: ServingLimits;
  /** --enable-priority-and-fairness; default: true. */
  readonly priorityAndFairness?: boolean;
  /** --audit-policy-file and --audit-log-path; missing: no audit. */
  readonly audit?: AuditBackend;
  /** --enable-admission-plugins and --disable-admission-plugins; missing: as kubeadm has them. */
  readonly admission?: AdmissionSelection;
  /** --service-account-signing-key-file and --service-account-key-file. */
  readonly serviceAccountKeys: { readonly signer: PrivateKey; readonly verifiers: readonly PublicKey[] };
  /** --enable-bootstrap-token-auth. */
  readonly bootstrapTokens: boolean;
  /** The users of --token-auth-file. */
  readonly tokenFile?: TokenAuthenticator;
  /** --etcd-compaction-interval in milliseconds; 0 or missing: it does not compact. */
  readonly compactionInterval?: number;
  /** What --encryption-provider-config says. */
  readonly transformerOf?: TransformerOf;
  /** The way to kubelets: --kubelet-client-certificate and the network; missing: none can be reached. */
  readonly kubeletTransport?: KubeletTransport;
  /** The network on which webhooks listen; missing: none can be reached. */
  readonly dial?: Dial;
}

/** Models k8s.io/apiserver/pkg/server NewConfig. */
export const DEFAULT_LIMITS: ServingLimits = { readOnly: 400, mutating: 200, requestTimeout: 60_000 };

/** The built-in parts that a server is made of. */
export interface BuiltinParts {
  readonly resources: readonly ResourceDefinition[];
  admissionPlugins(
    services: ServerServices,
    selection: AdmissionSelection,
  ): Promise<readonly AdmissionPlugin[]>;
  /** Default roles and bindings, priority classes, flow schemas. */
  bootstrapObjects(): Promise<readonly KubeObject[]>;
  nodeAuthorizer(reader: ObjectReader): Authorizer;
}

/** Turns flags into what a server is made of. Models cmd/kube-apiserver/app/server.go CreateServerChain. */
export function kubeApiServerConfig(
  { clock, rand }: { readonly clock: Clock; readonly rand: Rand },
  builtin: BuiltinParts,
  options: KubeApiServerOptions,
): ApiServerConfig {
  return {
    settings: options.settings,
    version: KUBERNETES_VERSION,
    gitCommit: GIT_COMMIT,
    groups: groupsOf(builtin.resources),
    resources: builtin.resources,
    authentication: (reader) => authentication(clock, rand.fork('tokens'), reader, options),
    authorizers: (reader) => [
      new PrivilegedGroupsAuthorizer([SYSTEM_PRIVILEGED_GROUP]),
      ...options.authorizationModes.map((mode) => authorizer(mode, reader, builtin)),
    ],
    rules: (reader) => new RbacRuleResolver(reader),
    admissionPlugins: (services) =>
      builtin.admissionPlugins(services, options.admission ?? KUBEADM_SELECTION),
    limits: options.limits ?? DEFAULT_LIMITS,
    priorityAndFairness: options.priorityAndFairness ?? true,
    ...(options.audit !== undefined && { audit: options.audit }),
    clusterAuthentication: options.clusterAuthentication ?? {},
    bootstrapObjects: () => builtin.bootstrapObjects(),
    ...(options.compactionInterval !== undefined && { compactionInterval: options.compactionInterval }),
    ...(options.transformerOf !== undefined && { transformerOf: options.transformerOf }),
    ...(options.kubeletTransport !== undefined && { kubeletTransport: options.kubeletTransport }),
    ...(options.dial !== undefined && { dial: options.dial }),
  };
}

function authentication(
  clock: Clock,
  rand: Rand,
  reader: ObjectReader,
  options: KubeApiServerOptions,
): AuthenticationConfig {
  const issuer = options.settings.serviceAccountIssuer;
  const tokens = new LazyTokens({ clock, rand, reader, issuer, ...options.serviceAccountKeys });
  const kinds = new UnionTokenAuthenticator([
    ...(options.tokenFile === undefined ? [] : [options.tokenFile]),
    tokens,
    ...(options.bootstrapTokens ? [new BootstrapTokenAuthenticator(clock, reader)] : []),
  ]);
  const tokenAuthenticator = new CachedTokenAuthenticator(clock, kinds);
  return {
    tokens,
    tokenAuthenticator,
    jsonWebKeySet: () => tokens.jsonWebKeySet(),
    authenticators: [
      new X509Authenticator(clock, options.clientCA),
      new BearerTokenAuthenticator(tokenAuthenticator),
      ...(options.anonymousAuth ? [new AnonymousAuthenticator()] : []),
    ],
  };
}

function authorizer(
  mode: KubeApiServerOptions['authorizationModes'][number],
  reader: RevisionedReader,
  builtin: BuiltinParts,
): Authorizer {
  switch (mode) {
    case 'AlwaysAllow':
      return new AlwaysAllowAuthorizer();
    case 'AlwaysDeny':
      return new AlwaysDenyAuthorizer();
    case 'Node':
      return builtin.nodeAuthorizer(reader);
    case 'RBAC':
      return new RbacAuthorizer(new RbacRuleResolver(reader));
  }
}

/** The order of groups in /apis, as a kube-apiserver lists them; others follow by name. */
const GROUP_ORDER = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

/** The groups and versions of all resources, newest version first. */
function groupsOf(resources: readonly ResourceDefinition[]): readonly ApiGroup[] {
  const versions = new Map<string, Set<string>>();
  for (const { group, version } of resources) {
    const known = versions.get(group);
    if (known === undefined) versions.set(group, new Set([version]));
    else known.add(version);
  }
  const place = (name: string) => {
    const index = GROUP_ORDER.indexOf(name);
    return index < 0 ? GROUP_ORDER.length : index;
  };
  return [...versions]
    .map(([name, known]) => ({ name, versions: [...known].sort().reverse() }))
    .sort((a, b) => place(a.name) - place(b.name) || (a.name < b.name ? -1 : 1));
}
