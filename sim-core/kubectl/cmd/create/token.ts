import type { CommandDefinition } from '../../cobra/command.ts';
import { PRINT_FLAGS } from '../../genericclioptions/common-flags.ts';
import { resultPrinter } from '../../genericclioptions/print-flags.ts';
import { Helper } from '../../resource/helper.ts';
import { nameFromArguments } from './create.ts';
import { MAPPINGS } from './mappings.ts';

const BOUND_KINDS = ['Node', 'Pod', 'Secret'];

/** Models pkg/cmd/create/create_token.go. */
export const token: CommandDefinition = {
  name: 'token',
  use: 'SERVICE_ACCOUNT_NAME [options]',
  short: 'Request a service account token',
  flags: [
    ...PRINT_FLAGS,
    { name: 'audience', type: 'stringArray' },
    { name: 'bound-object-kind', type: 'string' },
    { name: 'bound-object-name', type: 'string' },
    { name: 'bound-object-uid', type: 'string' },
    { name: 'duration', type: 'duration', default: '0s' },
  ],
  async run(invocation, parsed) {
    const { io, factory } = invocation;
    const { flags } = parsed;
    const name = nameFromArguments(invocation, parsed);
    const duration = flags.duration('duration');
    if (duration < 0) throw new Error('--duration must be greater than or equal to 0');
    if (duration % 1000 !== 0) throw new Error('--duration cannot be expressed in units less than seconds');
    if (flags.list('audience').includes('')) throw new Error('--audience must not be an empty string');
    const kind = flags.string('bound-object-kind');
    if (kind === '') {
      for (const flag of ['bound-object-name', 'bound-object-uid'])
        if (flags.string(flag) !== '')
          throw new Error(`--${flag} can only be set if --bound-object-kind is provided`);
    } else if (!BOUND_KINDS.includes(kind)) {
      throw new Error(`supported --bound-object-kind values are ${BOUND_KINDS.join(', ')}`);
    } else if (flags.string('bound-object-name') === '') {
      throw new Error('--bound-object-name is required if --bound-object-kind is provided');
    }
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: {},
      spec: {
        audiences: flags.list('audience').length > 0 ? flags.list('audience') : null,
        ...(duration > 0 && { expirationSeconds: duration / 1000 }),
        boundObjectRef:
          kind === ''
            ? null
            : {
                apiVersion: 'v1',
                kind,
                name: flags.string('bound-object-name'),
                ...(flags.string('bound-object-uid') !== '' && { uid: flags.string('bound-object-uid') }),
              },
      },
    };
    const { namespace } = factory.namespace();
    try {
      const answer = await new Helper(factory.client(), MAPPINGS.serviceAccount).create(
        namespace,
        request,
        {},
        name,
        'token',
      );
      if (flags.string('output') !== '') (await resultPrinter(invocation, 'none', true))(answer, 'created');
      else io.stdout(`${(answer.status as { token: string }).token}\n`);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new Error(`failed to create token: ${error.message}`);
    }
    return 0;
  },
};
