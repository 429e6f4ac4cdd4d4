import type { KubeObject } from '../../../apimachinery/object.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import { PRINT_FLAGS } from '../../genericclioptions/common-flags.ts';
import { resultPrinter } from '../../genericclioptions/print-flags.ts';
import { Tabwriter, TABLE_COLUMNS } from '../../printers/tabwriter.ts';
import { Helper } from '../../resource/helper.ts';
import { canI } from './can-i.ts';
import { reconcile } from './reconcile.ts';

const SELF_REVIEW = {
  group: 'authentication.k8s.io',
  version: 'v1',
  resource: 'selfsubjectreviews',
  kind: 'SelfSubjectReview',
  namespaced: false,
};

/** Models pkg/cmd/auth/whoami.go. */
const whoami: CommandDefinition = {
  name: 'whoami',
  use: '[options]',
  short: 'Experimental: Check self subject attributes',
  flags: PRINT_FLAGS,
  async run(invocation, { flags }) {
    const review = (await new Helper(invocation.factory.client(), SELF_REVIEW).create('', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
      metadata: {},
    })) as KubeObject & {
      status: {
        userInfo?: { username?: string; uid?: string; groups?: string[]; extra?: Record<string, string[]> };
      };
    };
    if (flags.string('output') !== '') {
      const { kind, apiVersion, ...rest } = review;
      const print = await resultPrinter(invocation, 'none', true);
      print({ kind, apiVersion, ...rest } as KubeObject, '');
      return 0;
    }
    const { username = '', uid = '', groups = [], extra = {} } = review.status.userInfo ?? {};
    const writer = new Tabwriter(TABLE_COLUMNS);
    writer.write('ATTRIBUTE\tVALUE\n');
    if (username !== '') writer.write(`Username\t${username}\n`);
    if (uid !== '') writer.write(`UID\t${uid}\n`);
    if (groups.length > 0) writer.write(`Groups\t[${groups.join(' ')}]\n`);
    for (const key of Object.keys(extra).sort()) writer.write(`Extra: ${key}\t[${extra[key]!.join(' ')}]\n`);
    invocation.io.stdout(writer.flush());
    return 0;
  },
};

/** Models pkg/cmd/auth. */
export const auth: CommandDefinition = {
  name: 'auth',
  use: '[flags] [options]',
  short: 'Inspect authorization',
  helpTo: 'stderr',
  subcommands: [canI, reconcile, whoami],
};
