import type { KubeObject } from '../../../apimachinery/object.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { Flag, ParsedArguments } from '../../cobra/flags.ts';
import {
  CREATE_FLAGS,
  FILENAME_FLAGS,
  RECORD_FLAG,
  SELECTOR_FLAG,
} from '../../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter, writeParameters } from '../../genericclioptions/print-flags.ts';
import type { Invocation } from '../../invocation.ts';
import { builderOptions, resolveTargets } from '../../resource/builder.ts';
import { Helper } from '../../resource/helper.ts';
import type { Fetched } from '../../resource/objects.ts';
import type { RestMapping } from '../../resource/rest-mapper.ts';
import { throwAll, together, usageError, withSource } from '../../util/errors.ts';
import { placed } from '../../util/placed.ts';
import { sendRaw } from '../../util/raw-body.ts';
import { lastCreatedText, withLastApplied } from '../apply/last-applied.ts';

/** One of the verbs under `create`: how to make an object of its arguments. */
export interface Creator {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly use: string;
  readonly short: string;
  readonly flags?: readonly Flag[];
  readonly mapping: RestMapping;
  /** The object without its namespace; throws an Error with kubectl's words. */
  build(name: string, parsed: ParsedArguments, invocation: Invocation): KubeObject | Promise<KubeObject>;
  /** What stands before the server's refusal: "failed to create job: ". */
  readonly failure?: string;
}

/** The verb for a {@link Creator}. Models the Run functions of pkg/cmd/create/create_*.go. */
export function createSubcommand(creator: Creator): CommandDefinition {
  const { name, aliases, use, short, flags = [], mapping } = creator;
  return {
    name,
    ...(aliases !== undefined && { aliases }),
    use,
    short,
    flags: [...CREATE_FLAGS.filter((flag) => !flags.some((own) => own.name === flag.name)), ...flags],
    async run(invocation, parsed) {
      const objectName = nameFromArguments(invocation, parsed);
      const dryRun = dryRunOf(parsed.flags, invocation.factory.log);
      const print = await resultPrinter(invocation, dryRun, true);
      const { namespace, explicit } = invocation.factory.namespace();
      const parameters = writeParameters(parsed.flags, dryRun, 'kubectl-create');
      const built = await creator.build(objectName, parsed, invocation);
      const placed =
        mapping.namespaced && explicit ? { ...built, metadata: { ...built.metadata, namespace } } : built;
      const object = parsed.flags.bool('save-config')
        ? withLastApplied(placed, lastCreatedText(placed))
        : placed;
      if (dryRun === 'client') {
        print(object, 'created');
        return 0;
      }
      const helper = new Helper(invocation.factory.client(), mapping);
      const created = await helper
        .create(mapping.namespaced ? namespace : '', object, parameters)
        .catch((error: unknown) => {
          if (!(error instanceof Error) || creator.failure === undefined) throw error;
          throw new Error(`${creator.failure}${error.message}`);
        });
      print(created, 'created');
      return 0;
    },
  };
}

/** Models pkg/cmd/create NameFromCommandArgs. */
export function nameFromArguments({ commandPath }: Invocation, { args, dashAt }: ParsedArguments): string {
  const count = dashAt >= 0 ? dashAt : args.length;
  if (count !== 1) {
    throw usageError(commandPath, `exactly one NAME is required, got ${count}`);
  }
  return args[0]!;
}

/** `create -f --edit`: what comes back from the editor is created. Models pkg/cmd/create RunEditOnCreate. */
async function editBeforeCreate(
  invocation: Invocation,
  { flags }: ParsedArguments,
  { object, mapping, namespace }: Fetched & { readonly namespace: string },
): Promise<void> {
  const { clock } = invocation.environment;
  const { editObjects, OBJECT_HEADER } = await clock.outside(import('../edit/edit-loop.ts'));
  const print = await resultPrinter(invocation);
  await editObjects(invocation, [{ object, mapping }], {
    header: OBJECT_HEADER,
    output: flags.string('output') === 'json' ? 'json' : 'yaml',
    isNew: true,
    skip: () => {},
    async save(edited) {
      const made = flags.bool('save-config') ? withLastApplied(edited) : edited;
      const parameters = writeParameters(flags, 'none', 'kubectl-create');
      const helper = new Helper(invocation.factory.client(), mapping);
      print(
        await helper.create(
          mapping.namespaced ? (edited.metadata.namespace ?? namespace) : '',
          made,
          parameters,
        ),
        'created',
      );
    },
  });
}

/** `create -f`. Models pkg/cmd/create RunCreate. */
export function createFromFiles(subcommands: readonly CommandDefinition[]): CommandDefinition {
  return {
    name: 'create',
    use: '-f FILENAME [options]',
    short: 'Create a resource from a file or from stdin',
    flags: [
      ...CREATE_FLAGS,
      ...FILENAME_FLAGS,
      { name: 'edit', type: 'bool', default: 'false' },
      { name: 'raw', type: 'string' },
      RECORD_FLAG,
      SELECTOR_FLAG,
      { name: 'windows-line-endings', type: 'bool', default: 'false' },
    ],
    subcommands,
    async run(invocation, parsed) {
      const { factory, commandPath } = invocation;
      const { args, flags } = parsed;
      if (args.length > 0) throw usageError(commandPath, `Unexpected args: [${args.join(' ')}]`);
      if (flags.list('filename').length === 0 && flags.string('kustomize') === '') {
        throw new Error('must specify one of -f and -k');
      }
      if (flags.string('raw') !== '') return sendRaw(invocation, 'POST', parsed);
      const dryRun = dryRunOf(flags, invocation.factory.log);
      const print = await resultPrinter(invocation, dryRun);
      const errors: Error[] = [];
      const unread: Error[] = [];
      const { targets } = await resolveTargets(invocation, [], builderOptions(parsed, false), unread);
      for (const target of targets) {
        if (target.type !== 'name') continue;
        const { mapping, namespace, manifest } = target;
        const { object: given, source } = manifest!;
        const own = placed(given, mapping, namespace);
        if (flags.bool('edit')) {
          await editBeforeCreate(invocation, parsed, { object: own, mapping, namespace });
          continue;
        }
        const object = flags.bool('save-config') ? withLastApplied(own) : own;
        try {
          if (dryRun === 'client') print(object, 'created');
          else {
            const parameters = writeParameters(flags, dryRun, 'kubectl-create');
            print(
              await new Helper(factory.client(), mapping).create(namespace, object, parameters),
              'created',
            );
          }
        } catch (error) {
          errors.push(withSource('creating', source, error) as Error);
        }
      }
      throwAll([...errors, ...together(unread)]);
      if (targets.length === 0) throw new Error('no objects passed to create');
      return 0;
    },
  };
}
