import type { Tracer } from '../apimachinery/trace.ts';
import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { Rand } from '../clock/rand.ts';
import { RestClient } from '../client-go/rest/client.ts';
import type { RestConfig } from '../client-go/rest/config.ts';
import {
  COMPONENT_LEADER_ELECTION,
  LeaderElector,
} from '../client-go/tools/leaderelection/leader-elector.ts';
import { EventNames } from '../client-go/tools/record/event-names.ts';
import { EventRecorder } from '../client-go/tools/record/event-recorder.ts';
import { EventSink } from '../client-go/tools/record/event-sink.ts';
import type { Klog } from '../client-go/util/klog.ts';
import { SCHEDULER_NAME } from './event-handlers.ts';
import { SchedulingTerm } from './schedule-one.ts';

export interface SchedulerConfig {
  /** Of the machine it runs on: "controlplane". */
  readonly hostname: string;
  /** True: works only while it holds the lease kube-system/kube-scheduler. */
  readonly leaderElect: boolean;
  /** Names this process in the lease, after the hostname: a uuid. */
  readonly id: string;
  /** True: the process ran before and goes on; it holds the lease already. */
  readonly resumed?: boolean;
  readonly log?: Klog;
}

/**
 * kube-scheduler: gives every pod without a node a node, as a client of the apiserver.
 *
 *     const scheduler = new Scheduler(restConfig, clock, rand, tracer, { hostname: 'controlplane', leaderElect: true });
 *     await scheduler.run(context); // until the context is cancelled or the lease is lost
 *
 * Models pkg/scheduler Scheduler and cmd/kube-scheduler.
 */
export class Scheduler {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #tracer: Tracer;
  readonly #config: SchedulerConfig;

  constructor(rest: RestConfig, clock: Clock, rand: Rand, tracer: Tracer, config: SchedulerConfig) {
    this.#client = new RestClient(rest);
    this.#clock = clock;
    this.#rand = rand;
    this.#tracer = tracer;
    this.#config = config;
  }

  /** Resolves when `context` is cancelled or the lease is lost; may be called again. Rejects for a fault. */
  async run(context: Context): Promise<void> {
    const { hostname, leaderElect, id, resumed = false, log } = this.#config;
    const names = new EventNames(this.#clock, this.#rand.fork('event-names'));
    const lead = (leading: Context) =>
      new SchedulingTerm(this.#client, this.#clock, this.#rand, this.#tracer, names, hostname, leading).run();
    const own = context.child();
    try {
      if (!leaderElect) return await lead(own);
      const recorder = new EventRecorder(new EventSink(this.#client, this.#clock, own), this.#clock, names, {
        component: SCHEDULER_NAME,
      });
      const elector = new LeaderElector(this.#client, this.#clock, this.#rand.fork('election'), recorder, {
        ...COMPONENT_LEADER_ELECTION,
        name: 'kube-scheduler',
        identity: `${hostname}_${id}`,
        resumed,
        ...(log !== undefined && { log }),
      });
      await elector.run(own, lead);
    } finally {
      own.cancel();
    }
  }
}
