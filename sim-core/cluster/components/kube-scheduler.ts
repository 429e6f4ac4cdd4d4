import { cancelled } from '../../node/program.ts';
import type { Program, ProgramEnvironment } from '../../node/program.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { KUBERNETES_VERSION } from '../../version.ts';
import { command } from './command.ts';
import { checkFlags } from './check-flags.ts';
import { KUBE_SCHEDULER_FLAGS } from './kube-scheduler-flags.ts';
import type { Flags } from './flags.ts';
import { parseFlags } from './flags.ts';
import { serveHealth } from './health.ts';
import { klogOf } from './klog.ts';
import { restConfigFrom } from './kubeconfig.ts';
import type { ComponentServices } from './services.ts';
import { processId, readFile, traceComponent } from './services.ts';

/** The program `kube-scheduler`. */
export function kubeSchedulerProgram(services: ComponentServices): Program {
  return command(async (environment) => {
    const { clock, machine, terminated, killed } = environment;
    const flags = parseFlags(environment.argv);
    checkFlags('kube-scheduler', flags, KUBE_SCHEDULER_FLAGS);
    const rest = await restConfigFrom(
      services,
      environment,
      kubeconfigPath(environment, flags),
      `kube-scheduler/${KUBERNETES_VERSION} (linux/amd64) kubernetes/$Format/scheduler`,
    );
    serveHealth(environment, flags.get('bind-address', '0.0.0.0'), Number(flags.get('secure-port', '10259')));
    traceComponent(services, 'kube-scheduler', environment);
    const log = klogOf(environment);
    if (!environment.resumed) {
      log('I', 'server.go:183', `"Starting Kubernetes Scheduler" version="${KUBERNETES_VERSION}"`);
      log('I', 'server.go:185', '"Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""');
    }
    const scheduler = new Scheduler(rest, clock, services.rand.fork('kube-scheduler'), services.tracer, {
      hostname: machine.hostname,
      leaderElect: flags.bool('leader-elect', true),
      id: processId(environment),
      resumed: environment.resumed,
      log,
    });
    const stopping = killed.child();
    terminated.onCancel(() => stopping.cancel('SIGTERM'));
    await Promise.race([scheduler.run(stopping), cancelled(killed)]);
    if (terminated.cancelled) {
      log('I', 'server.go:334', '"Requested to terminate, exiting"');
      return 0;
    }
    // Without its lease the process has nothing to do any more.
    log('E', 'server.go:338', '"Leaderelection lost"');
    return 1;
  });
}

/** --kubeconfig, or clientConnection.kubeconfig of the file that --config names. */
function kubeconfigPath(environment: ProgramEnvironment, flags: Flags): string {
  if (flags.has('kubeconfig')) return flags.get('kubeconfig');
  const config = readFile(environment, flags.get('config')) ?? '';
  return /^\s*kubeconfig:\s*"?([^\s"]+)/m.exec(config)?.[1] ?? '';
}
