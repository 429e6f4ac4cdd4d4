import type { CrictlCommand } from '../command.ts';
import { exec } from './exec.ts';
import { images } from './images.ts';
import { info } from './info.ts';
import { inspect } from './inspect.ts';
import { inspectImage } from './inspecti.ts';
import { inspectPod } from './inspectp.ts';
import { logs } from './logs.ts';
import { pods } from './pods.ts';
import { ps } from './ps.ts';
import { pull } from './pull.ts';
import { removePod, rm } from './rm.ts';
import { rmi } from './rmi.ts';
import { stats } from './stats.ts';
import { stop, stopPod } from './stop.ts';
import { version } from './version.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CrictlCommand[] = [
  ...[exec, version, images, inspect, inspectImage, inspectPod, logs, ps, pull, rm, rmi, removePod],
  ...[pods, info, stop, stopPod, stats],
];

/** What `crictl` says without a command. */
export const HELP = `NAME:
   crictl - client for CRI

USAGE:
   crictl [global options] command [command options]

COMMANDS:
${[...COMMANDS].map(({ name, aliases = [], usage }) => `   ${[name, ...aliases].join(', ').padEnd(22)}${usage}`).join('\n')}
`;
