import { DRY_RUN_FLAG, fieldManagerFlag, PRINT_FLAGS } from '../../genericclioptions/common-flags.ts';
import { ALL_FLAG, LOCAL_FLAG, patchVerb } from './patch-verb.ts';

/** Models pkg/cmd/set/set_selector.go. */
export const selector = patchVerb({
  name: 'selector',
  use: '(-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version] [options]',
  short: 'Set the selector on a resource',
  operation: 'selector updated',
  flags: [
    ...PRINT_FLAGS,
    ALL_FLAG,
    DRY_RUN_FLAG,
    fieldManagerFlag('kubectl-set'),
    { name: 'filename', shorthand: 'f', type: 'stringSlice' },
    LOCAL_FLAG,
    { name: 'recursive', shorthand: 'R', type: 'bool', default: 'true' },
    { name: 'resource-version', type: 'string' },
  ],
  prepare({ args, flags }) {
    const expression = args.at(-1);
    if (expression === undefined) throw new Error('one selector is required');
    const labels = labelsOf(expression);
    const resourceVersion = flags.string('resource-version');
    return {
      resources: args.slice(0, -1),
      change(object) {
        if (object.kind !== 'Service') throw new Error('setting a selector is only supported for Services');
        (object.spec as { selector?: unknown }).selector = labels;
        if (resourceVersion !== '') object.metadata = { ...object.metadata, resourceVersion };
      },
    };
  },
});

/** The labels of "a=b,c=d"; an expression with other operators is not for services. */
function labelsOf(expression: string): Record<string, string> {
  return Object.fromEntries(
    expression.split(',').map((part) => {
      const match = /^\s*([^=!\s]+)\s*==?\s*(\S*)\s*$/.exec(part);
      if (match === null) {
        throw new Error(
          `unable to parse requirement: found '${part}', expected: in, notin, =, ==, !=, gt, lt`,
        );
      }
      return [match[1]!, match[2]!];
    }),
  );
}
