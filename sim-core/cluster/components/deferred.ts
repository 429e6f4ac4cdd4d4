import type { Program } from '../../node/program.ts';
import type { ComponentServices } from './services.ts';

/**
 * A program whose code is fetched when it first runs. One that goes on in a restored cluster begins when time
 * first moves, so that nobody waits for it who only asks the apiserver; whoever wants to reach it waits.
 */
export function deferred({ clock, network }: ComponentServices, load: () => Promise<Program>): Program {
  return async (environment) => {
    const { resumed, killed } = environment;
    const start = async () => {
      if (resumed) await clock.sleep(0, { context: killed });
      const program = await clock.outside(load());
      return { exit: killed.cancelled ? Promise.resolve(0) : program(environment) };
    };
    const started = start();
    if (resumed) network.expect(started);
    return (await started).exit;
  };
}

/** The programs of the control plane that no request of a reader waits for. */
export function deferredPrograms(
  services: ComponentServices,
): Readonly<Record<'kube-controller-manager' | 'kube-scheduler', Program>> {
  return {
    'kube-controller-manager': deferred(services, async () =>
      (await import('./kube-controller-manager.ts')).kubeControllerManagerProgram(services),
    ),
    'kube-scheduler': deferred(services, async () =>
      (await import('./kube-scheduler.ts')).kubeSchedulerProgram(services),
    ),
  };
}
