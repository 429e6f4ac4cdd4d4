import type { KubeObject } from '../../apimachinery/object.ts';
import type { FlagSet } from '../cobra/flags.ts';
import type { Invocation } from '../invocation.ts';
import { Helper } from '../resource/helper.ts';
import { untilObject } from '../util/until.ts';
import { MAPPINGS } from './create/mappings.ts';
import { attachTo, sayFarewell, showLog } from './exec/streams.ts';

interface Terminated {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
}

interface PodStatus {
  readonly phase?: string;
  readonly containerStatuses?: readonly {
    readonly state?: { readonly terminated?: Terminated };
  }[];
}

/** How the pod is run and, for --rm, removed. */
interface AttachedRun {
  readonly flags: FlagSet;
  readonly restart: string;
  readonly propagation: string;
}

const FINISHED = ['Succeeded', 'Failed'];

/**
 * `run --attach`: makes the pod without a word, shows what it says until it ends, removes it for --rm,
 * and gives its exit code if it is not started again. Models pkg/cmd/run handleAttachPod.
 */
export async function runAttached(
  invocation: Invocation,
  pod: KubeObject,
  { flags, restart, propagation }: AttachedRun,
  create: (pod: KubeObject) => Promise<void>,
): Promise<number> {
  const { io, factory, environment } = invocation;
  const { namespace } = factory.namespace();
  const name = pod.metadata.name!;
  const helper = new Helper(factory.client(), MAPPINGS.pod);
  await helper.create(namespace, pod, { fieldManager: 'kubectl-run' }).catch(async (error: unknown) => {
    // The way of a plain run says what is wrong.
    await create(pod);
    throw error;
  });
  const target = { mapping: MAPPINGS.pod, namespace, name };
  try {
    const timeout = flags.duration('pod-running-timeout');
    const started = await untilObject(invocation, target, timeout, (now) => {
      const phase = (now?.status as PodStatus | undefined)?.phase ?? '';
      return now === undefined || phase === 'Running' || FINISHED.includes(phase);
    });
    const place = { namespace, name, container: name };
    const running = (started?.status as PodStatus | undefined)?.phase === 'Running';
    if (!flags.bool('quiet') && running) {
      io.stderr(
        "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
      );
    }
    if (running && flags.bool('tty') && io.stdin.isTerminal) {
      await attachTo(invocation, place, { output: io, stdin: io.stdin, tty: true });
      if (!flags.bool('quiet')) sayFarewell(invocation, started!, place, true);
      if (restart === 'Always' || environment.context.cancelled) return 0;
      return await exitCode(invocation, target, timeout);
    }
    if (running && flags.bool('stdin')) {
      // The log has what was said before we were there as well.
      const silent = { stdout: () => {}, stderr: () => {} };
      void attachTo(invocation, place, { output: silent, stdin: io.stdin }).catch(() => {});
    }
    await showLog(invocation, namespace, name, name);
    if (restart === 'Always' || environment.context.cancelled) return 0;
    return await exitCode(invocation, target, timeout);
  } finally {
    if (flags.bool('rm')) {
      await helper.delete(namespace, name, {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        propagationPolicy: propagation,
      });
      if (!flags.bool('quiet'))
        io.stdout(`pod ${JSON.stringify(name)} deleted from ${namespace} namespace\n`);
    }
  }
}

/** What the pod's container ended with, once it has; says so if it failed. */
async function exitCode(
  invocation: Invocation,
  target: Parameters<typeof untilObject>[1],
  timeout: number,
): Promise<number> {
  const ended = await untilObject(
    invocation,
    target,
    timeout,
    (now) => now === undefined || FINISHED.includes((now.status as PodStatus | undefined)?.phase ?? ''),
  );
  const { phase, containerStatuses = [] } = (ended?.status ?? {}) as PodStatus;
  if (phase !== 'Failed') return 0;
  const { namespace, name } = target;
  const terminated = containerStatuses[0]?.state?.terminated;
  if (terminated === undefined || terminated.exitCode === 0)
    throw new Error(`pod ${namespace}/${name} failed with unknown exit code`);
  const { exitCode: code, reason = '', message = '' } = terminated;
  const said = `pod ${namespace}/${name} terminated (${reason})\n${message}`;
  invocation.io.stderr(said.endsWith('\n') ? said : `${said}\n`);
  return code;
}
