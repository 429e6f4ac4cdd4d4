import type { KubeObject } from '../../apimachinery/object.ts';
import { isReason, StatusError } from '../../apimachinery/status.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import type { FlagSet } from '../cobra/flags.ts';
import {
  ALL_NAMESPACES_FLAG,
  DRY_RUN_FLAG,
  FIELD_SELECTOR_FLAG,
  FILENAME_FLAGS,
  SELECTOR_FLAG,
} from '../genericclioptions/common-flags.ts';
import { type DryRun, dryRunOf } from '../genericclioptions/print-flags.ts';
import { builderOptions, resolveTargets, type Target, listError } from '../resource/builder.ts';
import { Helper } from '../resource/helper.ts';
import type { Invocation } from '../invocation.ts';
import { errorOfResponse } from '../../client-go/rest/response-error.ts';
import { propagationOf } from '../util/cascade.ts';
import { throwAll, together, withSource } from '../util/errors.ts';
import { untilObject, WaitTimeoutError } from '../util/until.ts';

/** "Forever" of a wait without a timeout. */
const WEEK = 168 * 3_600_000;

export type NamedTarget = Target & { type: 'name' };

/** Models pkg/cmd/delete. */
export const deleteCommand: CommandDefinition = {
  name: 'delete',
  use: '([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)]) [options]',
  short: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  suggestFor: ['rm', 'remove'],
  flags: [
    ...FILENAME_FLAGS,
    { name: 'all', type: 'bool', default: 'false' },
    ALL_NAMESPACES_FLAG,
    { name: 'cascade', type: 'string', default: 'background', noOptionDefault: 'background' },
    DRY_RUN_FLAG,
    FIELD_SELECTOR_FLAG,
    { name: 'force', type: 'bool', default: 'false' },
    { name: 'grace-period', type: 'int', default: '-1' },
    { name: 'ignore-not-found', type: 'bool', default: 'false' },
    { name: 'interactive', shorthand: 'i', type: 'bool', default: 'false' },
    { name: 'now', type: 'bool', default: 'false' },
    { name: 'output', shorthand: 'o', type: 'string' },
    { name: 'raw', type: 'string' },
    SELECTOR_FLAG,
    { name: 'timeout', type: 'duration', default: '0s' },
    { name: 'wait', type: 'bool', default: 'true' },
  ],
  async run(invocation, parsed) {
    const { io } = invocation;
    const { args, flags } = parsed;
    const output = flags.string('output');
    const force = flags.bool('force');
    const grace = gracePeriod(flags);
    const dryRun = dryRunOf(flags, invocation.factory.log);
    const cascade = flags.string('cascade');
    const propagationPolicy = propagationOf(cascade);
    if (cascade === 'true' || cascade === 'false') {
      io.stderr(
        `warning: --cascade=${cascade} is deprecated (boolean value) and can be replaced with --cascade=${propagationPolicy.toLowerCase()}.\n`,
      );
    }
    if (flags.string('raw') !== '') return deleteRaw(invocation, flags.string('raw'));
    const selects =
      flags.bool('all') || flags.string('selector') !== '' || flags.string('field-selector') !== '';
    const ignoreNotFound = flags.changed('ignore-not-found') ? flags.bool('ignore-not-found') : selects;
    if (flags.bool('all') && (flags.string('selector') !== '' || flags.string('field-selector') !== ''))
      throw new Error("setting 'all' parameter but found a non empty selector. ");
    const errors: Error[] = [];
    const unread: Error[] = [];
    const { targets } = await resolveTargets(invocation, args, builderOptions(parsed, false), unread);
    if (output !== '' && output !== 'name') {
      throw new Error(`unexpected -o output mode: ${output}. We only support '-o name'`);
    }
    if (grace === 0 && force) {
      io.stderr(
        'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
      );
    } else if (grace > 0 && force) {
      throw new Error('--force and --grace-period greater than 0 cannot be specified together');
    }
    const deleted: { readonly target: NamedTarget; readonly uid: string | undefined }[] = [];
    const named = await namedTargets(invocation, targets, errors);
    if (flags.bool('interactive') && !(await isConfirmed(invocation, named))) {
      io.stdout('deletion is cancelled\n');
      return 0;
    }
    for (const target of named) {
      const source = target.manifest?.source ?? '';
      try {
        const uid =
          dryRun === 'client'
            ? undefined
            : await deleteOne(invocation, target, { grace, propagationPolicy, dryRun });
        deleted.push({ target, uid });
        io.stdout(deletedText(target, grace, dryRun, output));
      } catch (error) {
        if (ignoreNotFound && isReason(error, 'NotFound')) continue;
        errors.push(withSource('deleting', source, error) as Error);
      }
    }
    throwAll([...errors, ...together(unread)]);
    if (deleted.length === 0) {
      // What was named and is not there was told to be ignored.
      if (named.length === 0) io.stdout('No resources found\n');
      return 0;
    }
    if (flags.bool('wait') && dryRun === 'none')
      await waitForAll(invocation, deleted, flags.duration('timeout') || WEEK);
    return 0;
  },
};

/** Shows what will be deleted and asks. Models DeleteOptions.confirmation. */
async function isConfirmed({ io }: Invocation, named: readonly NamedTarget[]): Promise<boolean> {
  io.stdout(`You are about to delete the following ${named.length} resource(s):\n`);
  for (const { mapping, name } of named) {
    const kind = mapping.kind.toLowerCase();
    io.stdout(`${mapping.group === '' ? kind : `${kind}.${mapping.group}`}/${name}\n`);
  }
  io.stdout('Do you want to continue? (y/N): ');
  return /^\s*y\s*$/i.test((await io.stdin.readLine()) ?? '');
}

function gracePeriod(flags: FlagSet): number {
  let grace = flags.number('grace-period');
  if (flags.bool('now')) {
    if (grace !== -1) throw new Error('--now and --grace-period cannot be specified together');
    grace = 1;
  }
  const force = flags.bool('force');
  if (grace === 0 && !force) return 1;
  return force && grace < 0 ? 0 : grace;
}

/** `delete --raw PATH`. Models pkg/rawhttp RawDelete. */
async function deleteRaw({ factory, io }: Invocation, path: string): Promise<number> {
  const response = await factory.client().raw({ method: 'DELETE', path });
  if (response.status >= 400) throw errorOfResponse(response);
  if (typeof response.body === 'string') io.stdout(response.body);
  return 0;
}

/** The targets by name; selectors are listed first. */
async function namedTargets(
  { factory }: Invocation,
  targets: readonly Target[],
  errors: Error[],
): Promise<NamedTarget[]> {
  const named: NamedTarget[] = [];
  for (const target of targets) {
    if (target.type === 'name') {
      named.push(target);
      continue;
    }
    try {
      const { mapping } = target;
      const list = await new Helper(factory.client(), mapping).list(target.namespace, {
        fieldSelector: target.fieldSelector || undefined,
        labelSelector: target.labelSelector || undefined,
        limit: '500',
      });
      for (const { metadata } of list.items as KubeObject[]) {
        named.push({ type: 'name', mapping, namespace: metadata.namespace ?? '', name: metadata.name! });
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      errors.push(listError(error, target) as Error);
    }
  }
  return named;
}

/** Deletes, and gives the uid of what was deleted. */
async function deleteOne(
  { factory }: Invocation,
  { mapping, namespace, name }: NamedTarget,
  options: { readonly grace: number; readonly propagationPolicy: string; readonly dryRun: DryRun },
): Promise<string | undefined> {
  const answer = await new Helper(factory.client(), mapping).delete(namespace, name, {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    ...(options.grace >= 0 && { gracePeriodSeconds: options.grace }),
    propagationPolicy: options.propagationPolicy,
    ...(options.dryRun === 'server' && { dryRun: ['All'] }),
  });
  return answer.kind === 'Status'
    ? (answer.details as { uid?: string } | undefined)?.uid
    : answer.metadata.uid;
}

/** "pod \"a\" deleted from default namespace". */
export function deletedText(
  { mapping, namespace, name }: NamedTarget,
  grace: number,
  dryRun: DryRun,
  output: string,
): string {
  const kind = mapping.kind.toLowerCase();
  const type = mapping.group === '' ? kind : `${kind}.${mapping.group}`;
  if (output === 'name') return `${type}/${name}\n`;
  const from = mapping.namespaced ? ` from ${namespace} namespace` : '';
  const suffix = { none: '', client: ' (dry run)', server: ' (server dry run)' }[dryRun];
  return `${type} "${name}" ${grace === 0 ? 'force deleted' : 'deleted'}${from}${suffix}\n`;
}

async function waitForAll(
  invocation: Invocation,
  deleted: readonly { readonly target: NamedTarget; readonly uid: string | undefined }[],
  timeout: number,
): Promise<void> {
  const { clock } = invocation.environment;
  const end = clock.now() + timeout;
  for (const { target, uid } of deleted) {
    try {
      await untilObject(
        invocation,
        target,
        Math.max(0, end - clock.now()),
        (object) => object === undefined || (uid !== undefined && object.metadata.uid !== uid),
      );
    } catch (error) {
      // Whoever may not look need not wait.
      if (
        error instanceof StatusError &&
        (error.reason === 'Forbidden' || error.reason === 'MethodNotAllowed')
      )
        return;
      if (!(error instanceof WaitTimeoutError)) throw error;
      throw new Error(`${error.message} on ${target.mapping.resource}/${target.name}`);
    }
  }
}
