import type { HttpTransport } from '../../../apimachinery/http.ts';
import type { FieldManager } from '../../../apimachinery/managedfields/field-manager.ts';
import type { Tracer } from '../../../apimachinery/trace.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { Rand } from '../../../clock/rand.ts';
import type { TokenAuthenticator } from '../../authentication/bearer-token.ts';
import type { LazyTokens } from '../../authentication/serviceaccount/tokens.ts';
import type { Authorizer, RuleResolver } from '../../authorization/authorizer.ts';
import type { Registry, RevisionedReader } from './object-store.ts';
import type { ResourceDefinition } from './resource.ts';

/** Settings of a kube-apiserver that admission plugins and resources need to know. */
export interface ServerSettings {
  /** --service-cluster-ip-range: "10.96.0.0/12". */
  readonly serviceClusterIPRange: string;
  /** --service-node-port-range, both ends included. */
  readonly serviceNodePortRange: readonly [number, number];
  /** --advertise-address and --secure-port. */
  readonly advertiseAddress: string;
  readonly securePort: number;
  /** --allow-privileged. */
  readonly allowPrivileged: boolean;
  /** --service-account-issuer: "https://kubernetes.default.svc.cluster.local". */
  readonly serviceAccountIssuer: string;
}

/** Brings requests to the kubelet at `host` and `port`, with the server's client certificate. */
export type KubeletTransport = (host: string, port: number) => HttpTransport;

/** Brings requests to the program that listens at `host` and `port`. */
export type Dial = (host: string, port: number) => HttpTransport;

/** The parts of a server that authorizers, admission plugins and resources may use. */
export interface ServerServices {
  readonly clock: Clock;
  readonly rand: Rand;
  readonly tracer: Tracer;
  readonly settings: ServerSettings;
  readonly registry: Registry;
  /** Reads from the watch caches. */
  readonly reader: RevisionedReader;
  /** All authorizers of the server in a row; for SubjectAccessReview and RBAC's escalation checks. */
  readonly authorizer: Authorizer;
  readonly rules: RuleResolver;
  /** Keeps the managed fields of a resource's objects, written themselves or through a subresource. */
  fieldManagerOf(definition: ResourceDefinition, subresource?: string): Promise<FieldManager>;
  /** Makes the tokens of service accounts. */
  readonly tokens: Pick<LazyTokens, 'issue'>;
  /** Knows all kinds of bearer tokens. */
  readonly tokenAuthenticator: TokenAuthenticator;
  /** Rejects if etcd does not answer. */
  etcdHealth(): Promise<void>;
  /** The way to the kubelet that listens at an address; missing: there is none. */
  readonly kubeletTransport?: KubeletTransport;
  /** The way to whatever else listens in the cluster, such as webhooks; missing: there is none. */
  readonly dial?: Dial;
}
