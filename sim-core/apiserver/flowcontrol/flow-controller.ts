import type { KubeObject } from '../../apimachinery/object.ts';
import type { Clock } from '../../clock/clock.ts';
import type { UserInfo } from '../authentication/user.ts';
import type { RevisionedReader } from '../registry/rest/object-store.ts';
import { DroppedRequestsTracker } from './dropped-requests-tracker.ts';
import type { FlowRule, RequestDigest } from './flow-schema.ts';
import { FlowSchema, matchesRequest } from './flow-schema.ts';
import type { QueueSetConfig, QueuingConfig } from './queue-set.ts';
import { QueueSet } from './queue-set.ts';

const GROUP = 'flowcontrol.apiserver.k8s.io';
export const FLOW_SCHEMAS = { group: GROUP, resource: 'flowschemas' };
export const PRIORITY_LEVELS = { group: GROUP, resource: 'prioritylevelconfigurations' };

interface PriorityLevelSpec {
  readonly type: 'Exempt' | 'Limited';
  readonly limited?: {
    readonly nominalConcurrencyShares?: number;
    readonly limitResponse?: { readonly type: 'Queue' | 'Reject'; readonly queuing?: QueuingConfig };
  };
  readonly exempt?: { readonly nominalConcurrencyShares?: number };
}

/** A level as it is in force. */
export class PriorityLevel {
  readonly name: string;
  readonly uid: string;
  /** Missing for a level whose requests never wait. */
  readonly seats: QueueSet | undefined;
  readonly dropped = new DroppedRequestsTracker();

  constructor(name: string, uid: string, seats: QueueSet | undefined) {
    this.name = name;
    this.uid = uid;
    this.seats = seats;
  }
}

/** Where a request belongs. */
export interface Classification {
  readonly schema: FlowSchema;
  readonly level: PriorityLevel;
}

/** A schema's rules about a user. */
interface UserRules {
  readonly classification: Classification;
  readonly rules: readonly FlowRule[];
}

/** Where the objects come from. */
export type FlowControlSource = Pick<RevisionedReader, 'list' | 'revisionOf'>;

/**
 * Follows the flow schemas and priority levels of the cluster: says where a request belongs, and shares
 * the server's concurrency out among the levels.
 *
 * Models util/flowcontrol/apf_controller.go, without lending between levels.
 */
export class FlowController {
  readonly #clock: Clock;
  readonly #source: FlowControlSource;
  readonly #concurrency: number;
  #schemasSeen = -1;
  #levelsSeen = -1;
  #schemas: readonly FlowSchema[] = [];
  #levels: ReadonlyMap<string, PriorityLevel> = new Map();
  /** The rules about users who were seen since schemas and levels last changed, in the order of the schemas. */
  #rulesOf = new WeakMap<UserInfo, readonly UserRules[]>();

  /** `concurrency` is --max-requests-inflight and --max-mutating-requests-inflight together. */
  constructor(clock: Clock, source: FlowControlSource, concurrency: number) {
    this.#clock = clock;
    this.#source = source;
    this.#concurrency = concurrency;
  }

  /** The levels in force, for the server's metrics. */
  levels(): Iterable<PriorityLevel> {
    return this.#levels.values();
  }

  /** Undefined as long as the cluster has no schema that matches. */
  async classify({ user, info }: RequestDigest): Promise<Classification | undefined> {
    // Every request comes by here: the objects are looked at only when they may have changed.
    const levels = this.#source.revisionOf(PRIORITY_LEVELS);
    if (levels !== this.#levelsSeen) {
      this.#useLevels(await this.#source.list(PRIORITY_LEVELS));
      this.#levelsSeen = levels;
    }
    const schemas = this.#source.revisionOf(FLOW_SCHEMAS);
    if (schemas !== this.#schemasSeen) {
      this.#useSchemas(await this.#source.list(FLOW_SCHEMAS));
      this.#schemasSeen = schemas;
    }
    let known = this.#rulesOf.get(user);
    if (known === undefined) this.#rulesOf.set(user, (known = this.#findRules(user)));
    for (const { classification, rules } of known) {
      for (const rule of rules) if (matchesRequest(rule, info)) return classification;
    }
    return undefined;
  }

  #findRules(user: UserInfo): readonly UserRules[] {
    return this.#schemas.flatMap((schema) => {
      const level = this.#levels.get(schema.priorityLevel);
      const rules = schema.rulesFor(user);
      // A schema whose level is missing counts as not there.
      return level === undefined || rules.length === 0 ? [] : [{ classification: { schema, level }, rules }];
    });
  }

  #useSchemas(objects: readonly KubeObject[]): void {
    this.#rulesOf = new WeakMap();
    this.#schemas = objects.map((object) => new FlowSchema(object)).sort(FlowSchema.compare);
  }

  #useLevels(objects: readonly KubeObject[]): void {
    this.#rulesOf = new WeakMap();
    const shares = objects.reduce((sum, { spec }) => sum + sharesOf(spec as PriorityLevelSpec), 0);
    this.#levels = new Map(
      objects.map(({ metadata, spec }) => {
        const config = this.#configOf(spec as PriorityLevelSpec, shares);
        return [metadata.name!, this.#level(metadata.name!, metadata.uid ?? '', config)];
      }),
    );
  }

  /** The level that is there goes on with another configuration. */
  #level(name: string, uid: string, config: QueueSetConfig | undefined): PriorityLevel {
    const known = this.#levels.get(name);
    if (known?.uid === uid && (known.seats === undefined) === (config === undefined)) {
      if (config !== undefined) known.seats?.reconfigure(config);
      return known;
    }
    return new PriorityLevel(name, uid, config && new QueueSet(this.#clock, config));
  }

  #configOf(spec: PriorityLevelSpec, shares: number): QueueSetConfig | undefined {
    if (spec.type === 'Exempt') return undefined;
    const { limitResponse } = spec.limited ?? {};
    return {
      seats: Math.ceil((this.#concurrency * sharesOf(spec)) / Math.max(shares, 1)),
      ...(limitResponse?.type === 'Queue' && {
        queuing: { queues: 64, handSize: 8, queueLengthLimit: 50, ...limitResponse.queuing },
      }),
    };
  }
}

function sharesOf({ type, limited, exempt }: PriorityLevelSpec): number {
  return (
    (type === 'Exempt' ? exempt?.nominalConcurrencyShares : (limited?.nominalConcurrencyShares ?? 30)) ?? 0
  );
}
