import { Pem } from '../../crypto/x509/pem.ts';
import type { Service } from 'kubernetes-types/core/v1';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { RestClient } from '../../client-go/rest/client.ts';
import { SharedInformer } from '../../client-go/tools/cache/shared-informer.ts';
import { KUBERNETES_VERSION } from '../../version.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import type { ComponentServices } from '../components/services.ts';

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The Services and EndpointSlices of the cluster, as a pod follows them with its service account. A process
 * that goes on in a restored cluster begins to follow when somebody asks.
 */
export class ServiceObjects {
  readonly #services: SharedInformer<Service>;
  readonly #slices: SharedInformer<EndpointSlice>;
  readonly #environment: ProgramEnvironment;
  #started = false;

  /** `server` is where the pod looks for the apiserver; `changed` is called after each change. */
  constructor(
    services: ComponentServices,
    environment: ProgramEnvironment,
    program: string,
    server: string,
    changed: () => void,
  ) {
    const { clock, clients, rand } = services;
    const { files, machine } = environment;
    const read = (name: string) =>
      files.exists(`${ACCOUNT}/${name}`) ? files.read(`${ACCOUNT}/${name}`) : '';
    const client = new RestClient({
      host: server,
      transport: (request) =>
        clients.transport(machine, server, { rootCAs: Pem.ofText(read('ca.crt')).pool })({
          ...request,
          headers: { ...request.headers, authorization: `Bearer ${read('token')}` },
        }),
      userAgent: `${program}/${KUBERNETES_VERSION} (linux/amd64) kubernetes/$Format`,
    });
    const handler = { onAdd: changed, onUpdate: changed, onDelete: changed };
    this.#environment = environment;
    this.#services = new SharedInformer<Service>(client, clock, rand.fork(`${program} services`), {
      resource: RESOURCES.services,
    });
    this.#slices = new SharedInformer<EndpointSlice>(client, clock, rand.fork(`${program} slices`), {
      resource: RESOURCES.endpointSlices,
    });
    this.#services.addHandler(handler);
    this.#slices.addHandler(handler);
    if (!environment.resumed) this.#start();
  }

  /** Resolves when everything is known; undefined if it is. */
  ready(): Promise<unknown> | undefined {
    this.#start();
    if (this.#services.hasSynced && this.#slices.hasSynced) return undefined;
    const { killed } = this.#environment;
    return Promise.all([this.#services.synced(killed), this.#slices.synced(killed)]);
  }

  service(namespace: string, name: string): Service | undefined {
    return this.#services.lister.get(namespace, name);
  }

  services(): readonly Service[] {
    return this.#services.lister.list();
  }

  slicesOf({ metadata }: Service): readonly EndpointSlice[] {
    return this.#slices.lister
      .list()
      .filter(
        (slice) =>
          slice.metadata?.namespace === metadata?.namespace &&
          slice.metadata?.labels?.['kubernetes.io/service-name'] === metadata?.name,
      );
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#services.run(this.#environment.killed);
    void this.#slices.run(this.#environment.killed);
  }
}
