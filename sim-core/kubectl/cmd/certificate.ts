import { formatTime, type KubeObject } from '../../apimachinery/object.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import { FILENAME_FLAGS, PRINT_FLAGS } from '../genericclioptions/common-flags.ts';
import { resultPrinter } from '../genericclioptions/print-flags.ts';
import { builderOptions, resolveTargets } from '../resource/builder.ts';
import { Helper } from '../resource/helper.ts';
import { objectsOf } from '../resource/objects.ts';
import { throwAll } from '../util/errors.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastUpdateTime: string;
}

/** What approve and deny write into the status of a request. */
interface Verdict {
  readonly verb: 'approve' | 'deny';
  readonly short: string;
  readonly operation: string;
  readonly type: string;
  readonly opposite: string;
  readonly reason: string;
  readonly message: string;
}

const VERDICTS: readonly Verdict[] = [
  {
    verb: 'approve',
    short: 'Approve a certificate signing request',
    operation: 'approved',
    type: 'Approved',
    opposite: 'Denied',
    reason: 'KubectlApprove',
    message: 'This CSR was approved by kubectl certificate approve.',
  },
  {
    verb: 'deny',
    short: 'Deny a certificate signing request',
    operation: 'denied',
    type: 'Denied',
    opposite: 'Approved',
    reason: 'KubectlDeny',
    message: 'This CSR was denied by kubectl certificate deny.',
  },
];

function verdictCommand(verdict: Verdict): CommandDefinition {
  return {
    name: verdict.verb,
    use: '(-f FILENAME | NAME) [options]',
    short: verdict.short,
    flags: [...PRINT_FLAGS, ...FILENAME_FLAGS, { name: 'force', type: 'bool', default: 'false' }],
    async run(invocation, parsed) {
      const { args, flags } = parsed;
      const options = builderOptions(parsed, false);
      if (args.length === 0 && options.filenames!.length === 0 && !options.kustomize) {
        throw new Error('one or more CSRs must be specified as <name> or -f <filename>');
      }
      const print = await resultPrinter(invocation, 'none', true);
      const errors: Error[] = [];
      const { targets } = await resolveTargets(
        invocation,
        args,
        {
          ...options,
          ...(args.length > 0 && { defaultResource: 'certificatesigningrequests' }),
        },
        errors,
      );
      for (const target of targets) {
        try {
          for (const { mapping, object } of await objectsOf(invocation, target)) {
            const helper = new Helper(invocation.factory.client(), mapping);
            const now = formatTime(invocation.environment.clock.now());
            const decided = withVerdict(object, verdict, now);
            if (decided !== object || flags.bool('force')) {
              await helper.replace('', object.metadata.name!, decided, {}, 'approval');
            }
            print(object, verdict.operation);
          }
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          errors.push(error);
        }
      }
      throwAll(errors);
      return 0;
    },
  };
}

/** The request with the verdict as a condition; the same object if it has it already. */
function withVerdict(object: KubeObject, verdict: Verdict, now: string): KubeObject {
  const { type, opposite, reason, message } = verdict;
  const status = (object.status ?? {}) as { conditions?: readonly Condition[] };
  const { conditions = [] } = status;
  const contrary = conditions.find((condition) => condition.type === opposite);
  if (contrary !== undefined) {
    throw new Error(
      `certificate signing request ${JSON.stringify(object.metadata.name)} is already ${contrary.type}`,
    );
  }
  if (conditions.some((condition) => condition.type === type)) return object;
  const condition: Condition = { type, status: 'True', reason, message, lastUpdateTime: now };
  return { ...object, status: { ...status, conditions: [...conditions, condition] } };
}

/** Models pkg/cmd/certificates. */
export const certificate: CommandDefinition = {
  name: 'certificate',
  use: 'SUBCOMMAND [options]',
  short: 'Modify certificate resources',
  subcommands: VERDICTS.map(verdictCommand),
};
