import type { Container, LifecycleHandler, Pod } from 'kubernetes-types/core/v1';
import { ConnectionError } from '../../apimachinery/http.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Context } from '../../clock/context.ts';
import type { RuntimeService } from '../../cri/runtime-service.ts';
import { CriError } from '../../cri/runtime-service.ts';
import type { MachineNetwork } from '../../node/network.ts';
import { NO_INPUT } from '../../node/program.ts';
import { portOf } from '../prober/prober.ts';
import { podText } from '../types.ts';

/** A hook did not succeed; `message` is what the container's status says. */
export class HookError extends Error {}

/**
 * Runs postStart and preStop hooks.
 *
 * Models pkg/kubelet/lifecycle/handlers.go handlerRunner.
 */
export class HookRunner {
  readonly #clock: Clock;
  readonly #runtime: RuntimeService;
  readonly #network: MachineNetwork;

  constructor(clock: Clock, runtime: RuntimeService, network: MachineNetwork) {
    this.#clock = clock;
    this.#runtime = runtime;
    this.#network = network;
  }

  /** Resolves when the hook is through; `context` ends it early. Rejects with a HookError. */
  async run(
    pod: Pod,
    container: Container,
    containerId: string,
    podIP: string,
    handler: LifecycleHandler,
    context: Context,
  ): Promise<void> {
    const { exec, httpGet } = handler;
    const { sleep } = handler as { sleep?: { seconds?: number } };
    if (sleep !== undefined) {
      await this.#clock.sleep((sleep.seconds ?? 0) * 1000, { context });
      return;
    }
    const of = `for Container ${JSON.stringify(container.name)} in Pod ${JSON.stringify(podText(pod))}`;
    if (exec !== undefined) {
      const command = exec.command ?? [];
      let output = '';
      const say = (text: string) => (output += text);
      try {
        const exit = await this.#runtime.exec(
          containerId,
          command,
          { stdin: NO_INPUT, stdout: say, stderr: say },
          context,
        );
        if (exit === 0) return;
        throw new HookError(
          `Exec lifecycle hook ([${command.join(' ')}]) ${of} failed - error: command '${command.join(' ')}' exited with ${exit}: ${output}, message: ${JSON.stringify(output)}`,
        );
      } catch (error) {
        if (!(error instanceof CriError)) throw error;
        throw new HookError(
          `Exec lifecycle hook ([${command.join(' ')}]) ${of} failed - error: ${error.message}, message: ""`,
        );
      }
    }
    if (httpGet === undefined) return;
    const port = portOf(container, httpGet.port);
    const host = httpGet.host ?? podIP;
    try {
      // Any answer will do, whatever its status.
      await this.#network.request(host, port ?? 0, {
        method: 'GET',
        path: httpGet.path ?? '/',
        headers: { 'user-agent': 'kube-lifecycle/1.36' },
        body: '',
        remoteAddress: host,
      });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      throw new HookError(
        `HTTP lifecycle hook (${httpGet.path ?? '/'}) ${of} failed - error: Get "http://${host}:${port}${httpGet.path ?? '/'}": ${error.message}`,
      );
    }
  }
}
