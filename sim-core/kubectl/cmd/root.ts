import type { CommandDefinition } from '../cobra/command.ts';
import { apiResources, apiVersions } from './api-resources.ts';
import { apply } from './apply/apply.ts';
import { auth } from './auth/auth.ts';
import { clusterInfo } from './cluster-info.ts';
import { config } from './config/config.ts';
import { create } from './create/index.ts';
import { deleteCommand } from './delete.ts';
import { describe } from './describe.ts';
import { diff } from './diff.ts';
import { cordon, uncordon } from './drain/cordon.ts';
import { drain } from './drain/drain.ts';
import { events } from './events.ts';
import { exec } from './exec.ts';
import { explain } from './explain.ts';
import { expose } from './expose.ts';
import { get } from './get.ts';
import { logs } from './logs.ts';
import { annotate, label } from './metadata-patch.ts';
import { patch } from './patch.ts';
import { replace } from './replace.ts';
import { rollout } from './rollout/rollout.ts';
import { run } from './run.ts';
import { scale } from './scale.ts';
import { set } from './set.ts';
import { taint } from './taint.ts';
import { top } from './top.ts';
import { version } from './version.ts';
import { wait } from './wait.ts';

/** The command tree, in kubectl's order. Models pkg/cmd NewKubectlCommand. */
export const root: CommandDefinition = {
  name: 'kubectl',
  use: '[flags] [options]',
  short: 'kubectl controls the Kubernetes cluster manager',
  subcommands: [
    create,
    expose,
    run,
    set,
    explain,
    get,
    deleteCommand,
    rollout,
    scale,
    clusterInfo,
    top,
    cordon,
    uncordon,
    drain,
    taint,
    describe,
    logs,
    exec,
    auth,
    events,
    diff,
    apply,
    patch,
    replace,
    wait,
    label,
    annotate,
    apiResources,
    apiVersions,
    config,
    version,
  ],
};
