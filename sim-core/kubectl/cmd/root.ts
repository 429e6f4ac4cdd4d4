import type { CommandDefinition } from '../cobra/command.ts';
import { apply } from './apply/apply.ts';
import { create } from './create/index.ts';
import { deleteCommand } from './delete.ts';
import { describe } from './describe.ts';
import { cordon, uncordon } from './drain/cordon.ts';
import { drain } from './drain/drain.ts';
import { expose } from './expose.ts';
import { get } from './get.ts';
import { annotate, label } from './metadata-patch.ts';
import { patch } from './patch.ts';
import { rollout } from './rollout/rollout.ts';
import { run } from './run.ts';
import { scale } from './scale.ts';
import { set } from './set.ts';
import { taint } from './taint.ts';
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
    get,
    deleteCommand,
    rollout,
    scale,
    cordon,
    uncordon,
    drain,
    taint,
    describe,
    apply,
    patch,
    wait,
    label,
    annotate,
  ],
};
