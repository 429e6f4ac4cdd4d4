import type { Container, HTTPGetAction, Probe } from 'kubernetes-types/core/v1';
import { ConnectionError } from '../../apimachinery/http.ts';
import type { Clock } from '../../clock/clock.ts';
import { Context } from '../../clock/context.ts';
import type { RuntimeService } from '../../cri/runtime-service.ts';
import { CriError } from '../../cri/runtime-service.ts';
import { KUBERNETES_VERSION } from '../../version.ts';
import type { MachineNetwork } from '../../node/network.ts';
import { handshake } from '../../node/network.ts';
import { NO_INPUT } from '../../node/program.ts';
import { expand } from '../kuberuntime/container-config.ts';

export type ProbeType = 'startup' | 'liveness' | 'readiness';

export interface ProbeOutcome {
  readonly ok: boolean;
  /** What went wrong, as the event says it. */
  readonly output: string;
  /** The probe itself could not be made. */
  readonly errored?: boolean;
}

/** Whom a probe asks. */
export interface ProbeTarget {
  readonly containerId: string;
  readonly podIP: string;
}

const OK: ProbeOutcome = { ok: true, output: '' };

/** "v1.36" of "v1.36.4": how the prober's user agent names its version. */
const USER_AGENT = `kube-probe/${KUBERNETES_VERSION.slice(1).split('.').slice(0, 2).join('.')}`;
/** The output of a command is cut to so many characters. */
const MAX_OUTPUT = 10 * 1024;

/** Asks containers how they are. Models pkg/kubelet/prober/prober.go. */
export class Prober {
  readonly #clock: Clock;
  readonly #network: MachineNetwork;
  readonly #runtime: RuntimeService;

  constructor(clock: Clock, network: MachineNetwork, runtime: RuntimeService) {
    this.#clock = clock;
    this.#network = network;
    this.#runtime = runtime;
  }

  /** Asks once. */
  probe(container: Container, probe: Probe, target: ProbeTarget): Promise<ProbeOutcome> {
    if (probe.exec !== undefined) return this.#exec(container, probe, target);
    if (probe.httpGet !== undefined) return this.#http(container, probe, probe.httpGet, target.podIP);
    const port = probe.tcpSocket?.port ?? probe.grpc?.port;
    return port === undefined
      ? Promise.resolve({ ok: false, output: 'missing probe handler', errored: true })
      : this.#connect(container, probe, port, target.podIP);
  }

  /**
   * Calls `changed` once when an HTTP probe that has just succeeded may come out differently; returns a
   * function that takes it back. Undefined if that cannot be known without asking.
   */
  onceChanged(
    container: Container,
    { httpGet }: Probe,
    { podIP }: ProbeTarget,
    changed: () => void,
  ): (() => void) | undefined {
    const port = httpGet && portOf(container, httpGet.port);
    if (httpGet === undefined || port === undefined) return undefined;
    const address = httpGet.host ?? podIP;
    const stop = this.#network.find(address, port)?.onceChanged?.(httpGet.path ?? '/', changed);
    if (stop === undefined) return undefined;
    const unwatch = this.#network.onceListenerChanged(address, port, changed);
    return () => {
      stop();
      unwatch();
    };
  }

  async #http(
    container: Container,
    probe: Probe,
    { host, path, port, scheme, httpHeaders }: HTTPGetAction,
    podIP: string,
  ): Promise<ProbeOutcome> {
    const number = portOf(container, port);
    if (number === undefined) return noPort(port);
    const address = host ?? podIP;
    const secure = (scheme ?? 'HTTP') === 'HTTPS';
    const url = `${secure ? 'https' : 'http'}://${address}:${number}${path ?? '/'}`;
    const fail = (message: string) => ({ ok: false, output: `Get ${JSON.stringify(url)}: ${message}` });
    try {
      const listener = this.#network.connect(address, number);
      if (secure !== (listener.tls !== undefined)) {
        return secure
          ? fail('http: server gave HTTP response to HTTPS client')
          : { ok: false, output: 'HTTP probe failed with statuscode: 400' };
      }
      const request = handshake(this.#clock, listener).then(() =>
        listener.handler({
          method: 'GET',
          path: path ?? '/',
          headers: {
            host: `${address}:${number}`,
            'user-agent': USER_AGENT,
            accept: '*/*',
            ...Object.fromEntries((httpHeaders ?? []).map(({ name, value }) => [name.toLowerCase(), value])),
          },
          body: '',
          remoteAddress: address,
        }),
      );
      const response = await this.#within(probe, request);
      if (response === undefined) {
        return fail('context deadline exceeded (Client.Timeout exceeded while awaiting headers)');
      }
      return response.status >= 200 && response.status < 400
        ? OK
        : { ok: false, output: `HTTP probe failed with statuscode: ${response.status}` };
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      return fail(error.message);
    }
  }

  #connect(container: Container, probe: Probe, port: string | number, podIP: string): Promise<ProbeOutcome> {
    const number = portOf(container, port);
    if (number === undefined) return Promise.resolve(noPort(port));
    const host = probe.tcpSocket?.host ?? podIP;
    try {
      this.#network.connect(host, number);
      return Promise.resolve(OK);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      const output =
        probe.grpc === undefined
          ? error.message
          : `timeout: failed to connect service "${host}:${number}" within ${probe.timeoutSeconds ?? 1}s: context deadline exceeded`;
      return Promise.resolve({ ok: false, output });
    }
  }

  async #exec(container: Container, probe: Probe, { containerId }: ProbeTarget): Promise<ProbeOutcome> {
    const envs = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? '']));
    const command = (probe.exec!.command ?? []).map((word) => expand(word, envs));
    let output = '';
    const say = (text: string) => void (output.length < MAX_OUTPUT && (output += text));
    const context = new Context();
    try {
      const work = this.#runtime.exec(
        containerId,
        command,
        { stdin: NO_INPUT, stdout: say, stderr: say },
        context,
      );
      const exit = await this.#within(probe, work);
      if (exit === undefined) {
        context.cancel();
        return {
          ok: false,
          output: `command timed out: ${JSON.stringify(command.join(' '))} timed out after ${probe.timeoutSeconds ?? 1}s`,
        };
      }
      return exit === 0 ? OK : { ok: false, output: output.slice(0, MAX_OUTPUT) };
    } catch (error) {
      if (!(error instanceof CriError)) throw error;
      return { ok: false, output: error.message, errored: true };
    }
  }

  /** The result, or undefined if it takes longer than the probe's timeout. */
  #within<T>({ timeoutSeconds = 1 }: Probe, work: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.schedule(timeoutSeconds * 1000, () => resolve(undefined), { periodic: true });
      work.then(
        (result) => {
          timer.cancel();
          resolve(result);
        },
        (error: unknown) => {
          timer.cancel();
          reject(error as Error);
        },
      );
    });
  }
}

function noPort(port: string | number): ProbeOutcome {
  return { ok: false, output: `couldn't find port: ${port}`, errored: true };
}

/** A port by number or by the name that the container gives it; undefined if it gives no such name. */
export function portOf(container: Container, port: string | number): number | undefined {
  if (typeof port === 'number') return port;
  const named = (container.ports ?? []).find(({ name }) => name === port)?.containerPort;
  return named ?? (/^\d+$/.test(port) ? Number(port) : undefined);
}
