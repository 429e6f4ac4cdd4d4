import type { JsonObject, KubeObject } from '../../apimachinery/object.ts';
import type { AdmissionPlugin } from '../admission/plugin.ts';
import type { Authenticator } from '../authentication/authenticator.ts';
import type { TokenAuthenticator } from '../authentication/bearer-token.ts';
import type { LazyTokens } from '../authentication/serviceaccount/tokens.ts';
import type { Authorizer, RuleResolver } from '../authorization/authorizer.ts';
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
import type { ServingLimits } from './handler-chain.ts';
import type { ClusterAuthenticationInfo } from './post-start-hooks/cluster-authentication-info.ts';

/** A group's versions in discovery, preferred first; groups appear in the table's order. */
export interface ApiGroup {
  /** "apps"; the core group has none. */
  readonly name: string;
  readonly versions: readonly string[];
}

export interface AuthenticationConfig {
  /** Asked in order; the anonymous one is last, and there only if anonymous requests are allowed. */
  readonly authenticators: readonly Authenticator[];
  readonly tokens: Pick<LazyTokens, 'issue'>;
  readonly tokenAuthenticator: TokenAuthenticator;
  /** The keys that verify service account tokens, as a JSON Web Key Set. */
  jsonWebKeySet(): Promise<JsonObject>;
}

/** Everything that a server is made of. Models controlplane.Config and genericapiserver.Config. */
export interface ApiServerConfig {
  readonly settings: ServerSettings;
  /** The whole version answer's "gitVersion". */
  readonly version: string;
  readonly gitCommit: string;
  readonly groups: readonly ApiGroup[];
  readonly resources: readonly ResourceDefinition[];
  /** How clients prove who they are. The reader serves from the watch caches. */
  authentication(reader: ObjectReader): AuthenticationConfig;
  /** In the order of --authorization-mode. The reader serves from the watch caches. */
  authorizers(reader: RevisionedReader): readonly Authorizer[];
  rules(reader: RevisionedReader): RuleResolver;
  /** In the order in which they run. */
  admissionPlugins(services: ServerServices): Promise<readonly AdmissionPlugin[]>;
  readonly limits: ServingLimits;
  /** --enable-priority-and-fairness. */
  readonly priorityAndFairness: boolean;
  /** Missing: nothing is audited. */
  readonly audit?: AuditBackend;
  /** Which resources are encrypted at rest, and how; missing: none. */
  readonly transformerOf?: TransformerOf;
  /** --etcd-compaction-interval in milliseconds; 0 or missing: it does not compact. */
  readonly compactionInterval?: number;
  /** How to reach kubelets, for logs and the like; missing: no kubelet can be reached. */
  readonly kubeletTransport?: KubeletTransport;
  /** How to reach webhooks; missing: none can be reached. */
  readonly dial?: Dial;
  /** What servers behind this one are told of how it knows its clients. */
  readonly clusterAuthentication: ClusterAuthenticationInfo;
  /** Objects that the server makes at its start if they are missing: RBAC, priority classes, flow schemas. */
  bootstrapObjects(): Promise<readonly KubeObject[]>;
}
