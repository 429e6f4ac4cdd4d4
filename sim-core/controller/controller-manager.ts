import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { Rand } from '../clock/rand.ts';
import { SharedInformerFactory } from '../client-go/informers/factory.ts';
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
import type { CertificateSigner } from './certificates/signer/signing-controller.ts';
import { CONTROLLERS } from './controllers.ts';
import type { TokenSigner } from './serviceaccount/tokens-controller.ts';

export interface ControllerManagerConfig {
  /** Of the machine it runs on: "controlplane". */
  readonly hostname: string;
  /** True: works only while it holds the lease kube-system/kube-controller-manager. */
  readonly leaderElect: boolean;
  /** Names this process in the lease, after the hostname: a uuid. */
  readonly id: string;
  /** True: the process ran before and goes on; it holds the lease already. */
  readonly resumed?: boolean;
  readonly log?: Klog;
  /** PEM text for the ConfigMaps kube-root-ca.crt. */
  readonly rootCa: string;
  /** Signs certificates for the cluster's authority; missing: nobody does. */
  readonly signer?: CertificateSigner | undefined;
  /** Signs the tokens that lie in secrets; missing: nobody fills them. */
  readonly tokenSigner?: TokenSigner | undefined;
  /** The pod network, a /16: "192.168.0.0/16". */
  readonly clusterCidr: string;
  /** --min-resync-period, in milliseconds. */
  readonly minResyncPeriod: number;
  /** As the flag --controllers: "*" for all, "-name" for all but one, names for a few. */
  readonly controllers: readonly string[];
}

/** A configuration for a client: of a service account in kube-system, or of the manager itself. */
export type ClientBuilder = (serviceAccount: string | undefined) => RestConfig;

/**
 * kube-controller-manager: runs the controllers, each with an identity of its own
 * (system:serviceaccount:kube-system:<account>).
 *
 *     const manager = new ControllerManager(clientBuilder, clock, rand, { hostname: 'controlplane', leaderElect: true,
 *       rootCa, clusterCidr: '192.168.0.0/16', minResyncPeriod: 43_200_000, controllers: ['*'] });
 *     await manager.run(context); // until the context is cancelled or the lease is lost
 *
 * Models cmd/kube-controller-manager/app.
 */
export class ControllerManager {
  readonly #clientBuilder: ClientBuilder;
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #config: ControllerManagerConfig;

  constructor(clientBuilder: ClientBuilder, clock: Clock, rand: Rand, config: ControllerManagerConfig) {
    this.#clientBuilder = clientBuilder;
    this.#clock = clock;
    this.#rand = rand;
    this.#config = config;
  }

  /** Resolves when `context` is cancelled or the lease is lost; may be called again. Rejects for a fault. */
  async run(context: Context): Promise<void> {
    const { hostname, leaderElect, id, resumed = false, log } = this.#config;
    const own = context.child();
    try {
      if (!leaderElect) return await this.#runControllers(own);
      const client = new RestClient(this.#clientBuilder(undefined));
      const sink = new EventSink(client, this.#clock, own);
      const names = new EventNames(this.#clock, this.#rand.fork('event-names'));
      const recorder = new EventRecorder(sink, this.#clock, names, { component: 'kube-controller-manager' });
      const elector = new LeaderElector(client, this.#clock, this.#rand.fork('election'), recorder, {
        ...COMPONENT_LEADER_ELECTION,
        name: 'kube-controller-manager',
        identity: `${hostname}_${id}`,
        resumed,
        ...(log !== undefined && { log }),
      });
      await elector.run(own, (leading) => this.#runControllers(leading));
    } finally {
      own.cancel();
    }
  }

  /** Between once and twice the shortest period, so that not all processes do it at once. Models ResyncPeriod. */
  #resyncPeriod(): number {
    return this.#config.minResyncPeriod * (1 + this.#rand.fork('resync').float());
  }

  async #runControllers(context: Context): Promise<void> {
    const root = new RestClient(this.#clientBuilder(undefined));
    const informers = new SharedInformerFactory(
      root,
      this.#clock,
      this.#rand.fork('informers'),
      this.#resyncPeriod(),
    );
    const starters = CONTROLLERS.filter(({ name }) => isEnabled(name, this.#config.controllers)).map(
      ({ name, serviceAccount, start }) => {
        const scope = informers.scope();
        const controller = start(
          {
            clock: this.#clock,
            rand: this.#rand.fork(name),
            context,
            client: new RestClient(this.#clientBuilder(serviceAccount)),
            informers: scope,
          },
          this.#config,
        );
        return async () => {
          await scope.synced(context);
          await controller.run();
        };
      },
    );
    await Promise.all([informers.run(context), ...starters.map((run) => run())]);
  }
}

/** Models k8s.io/controller-manager genericcontrollermanager.IsControllerEnabled. */
function isEnabled(name: string, patterns: readonly string[]): boolean {
  if (patterns.includes(name)) return true;
  if (patterns.includes(`-${name}`)) return false;
  return patterns.includes('*');
}
