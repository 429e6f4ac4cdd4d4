import type { Json } from './object.ts';

/** What a request is about. `name` is missing for a collection. */
export interface ObjectReference {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** One operation of a JSON patch (RFC 6902). */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: Json;
}

/** A verdict on the way of one API request; `request` is the same for all of them. */
export type RequestTraceEvent =
  | {
      readonly type: 'request-received';
      readonly method: string;
      readonly path: string;
      readonly userAgent: string;
      /** "get", "list", "watch", "create", …; the method in lower case off the API. */
      readonly verb: string;
      readonly object?: ObjectReference;
    }
  | {
      readonly type: 'authenticated';
      readonly user: string;
      readonly groups: readonly string[];
      readonly by: 'x509' | 'service-account' | 'token' | 'bootstrap-token' | 'anonymous';
    }
  | { readonly type: 'authentication-failed'; readonly message: string }
  | {
      readonly type: 'impersonated';
      readonly user: string;
      readonly groups: readonly string[];
      readonly uid?: string;
      readonly extra?: Readonly<Record<string, readonly string[]>>;
    }
  | { readonly type: 'flow-control'; readonly flowSchema: string; readonly priorityLevel: string }
  | {
      readonly type: 'authorized';
      readonly authorizer: string;
      /** Upstream's reason: 'RBAC: allowed by ClusterRoleBinding "…" of ClusterRole "…" to Group "…"'. */
      readonly reason: string;
    }
  | {
      readonly type: 'authorization-failed';
      readonly message: string;
      /** What the authorizers said, if anything. */
      readonly reason?: string;
    }
  | {
      readonly type: 'admission';
      readonly phase: 'mutating' | 'validating';
      readonly plugin: string;
      /** What the plugin changed; empty for nothing. */
      readonly patch: readonly PatchOperation[];
    }
  | {
      readonly type: 'admission-failed';
      readonly phase: 'mutating' | 'validating';
      readonly plugin: string;
      readonly message: string;
    }
  | { readonly type: 'decoded'; readonly kind: string; readonly warnings: readonly string[] }
  | { readonly type: 'decoding-failed'; readonly message: string }
  | { readonly type: 'validated'; readonly kind: string }
  | {
      readonly type: 'validation-failed';
      readonly kind: string;
      readonly errors: readonly { readonly field: string; readonly message: string }[];
    }
  | {
      /** A read: answered by the watch cache or by etcd itself. */
      readonly type: 'read';
      readonly source: 'cache' | 'etcd';
      readonly key: string;
      readonly revision: number;
      readonly count: number;
    }
  | {
      readonly type: 'stored';
      readonly operation: 'create' | 'update' | 'delete';
      readonly key: string;
      /** mod revision before (0: there was none) and the revision of the transaction. */
      readonly before: number;
      readonly revision: number;
    }
  | { readonly type: 'storage-failed'; readonly key: string; readonly message: string }
  | {
      readonly type: 'responded';
      readonly status: number;
      /** The Status reason of a failure: "NotFound", "Invalid", … */
      readonly reason?: string;
      readonly message?: string;
    };

/** What happened outside of a request. */
export type ClusterTraceEvent =
  | {
      /** A change reached one watcher of the apiserver. `request` is the watch request's id. */
      readonly type: 'watch-event';
      readonly event: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
      readonly user: string;
      readonly userAgent: string;
      readonly path: string;
      readonly key: string;
      readonly revision: number;
    }
  | {
      readonly type: 'scheduling';
      readonly pod: { readonly namespace: string; readonly name: string };
      readonly nodes: readonly {
        readonly name: string;
        /** Which filter refused the node and why; undefined if it fits. */
        readonly refused?: { readonly plugin: string; readonly reason: string };
        /** Scores by plugin, weighted. */
        readonly scores: Readonly<Record<string, number>>;
      }[];
      /** How many further nodes there are: of a large cluster, not every node is looked at, or told of. */
      readonly omitted?: number;
      /** The chosen node, or undefined if none fits. */
      readonly node?: string;
    }
  | {
      /** A call that a kubelet made to its container runtime. */
      readonly type: 'cri';
      readonly node: string;
      readonly call: string;
      readonly pod?: { readonly namespace: string; readonly name: string };
      readonly container?: string;
      readonly detail?: string;
    }
  | {
      readonly type: 'component';
      readonly component: string;
      readonly node: string;
      readonly state: 'started' | 'stopped' | 'failed';
      readonly message?: string;
    };

/**
 * One thing that happened, in order. The flow picture, the audit log, the Korean error line and the
 * labs' checks all read this one list.
 */
export type TraceEvent = {
  /** Version of this union. */
  readonly v: 1;
  /** Counts all trace events of a cluster from 1. */
  readonly sequence: number;
  /** Simulated milliseconds since the Unix epoch. */
  readonly time: number;
  /** The request's id (its audit ID), for events on the way of a request. */
  readonly request?: string;
} & (RequestTraceEvent | ClusterTraceEvent);

/** Takes what happened; the collector adds version, sequence and time. */
export interface Tracer {
  emit(event: RequestTraceEvent | ClusterTraceEvent, request?: string): void;
}
