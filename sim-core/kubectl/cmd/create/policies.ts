import { canonicalQuantity, QuantityError } from '../../../apimachinery/quantity/quantity.ts';
import { labelSelectorOf } from '../../util/label-selector.ts';
import type { Creator } from './create.ts';
import { MAPPINGS } from './mappings.ts';

export const quota: Creator = {
  name: 'quota',
  aliases: ['resourcequota'],
  use: 'NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none] [options]',
  short: 'Create a quota with the specified name',
  failure: 'failed to create quota: ',
  mapping: MAPPINGS.resourceQuota,
  flags: [
    { name: 'hard', type: 'string' },
    { name: 'scopes', type: 'string' },
  ],
  build(name, { flags }) {
    const hard = Object.fromEntries(
      flags
        .string('hard')
        .split(',')
        .filter((text) => text !== '')
        .map((text) => {
          const parts = text.split('=');
          if (parts.length !== 2)
            throw new Error(`Invalid argument syntax ${text}, expected <resource>=<value>`);
          return [parts[0]!, quantityOf(parts[1]!)];
        }),
    );
    const scopes = flags.string('scopes') === '' ? [] : flags.string('scopes').split(',');
    if (scopes.includes('')) throw new Error('invalid resource quota scope ""');
    return {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name },
      spec: { ...(Object.keys(hard).length > 0 && { hard }), ...(scopes.length > 0 && { scopes }) },
      status: {},
    };
  },
};

export const priorityClass: Creator = {
  name: 'priorityclass',
  aliases: ['pc'],
  use: 'NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none] [options]',
  short: 'Create a priority class with the specified name',
  failure: 'failed to create priorityclass: ',
  mapping: MAPPINGS.priorityClass,
  flags: [
    { name: 'description', type: 'string' },
    { name: 'global-default', type: 'bool', default: 'false' },
    { name: 'preemption-policy', type: 'string', default: 'PreemptLowerPriority' },
    { name: 'value', type: 'int32', default: '0' },
  ],
  build: (name, { flags }) => ({
    apiVersion: 'scheduling.k8s.io/v1',
    ...(flags.string('description') !== '' && { description: flags.string('description') }),
    ...(flags.bool('global-default') && { globalDefault: true }),
    kind: 'PriorityClass',
    metadata: { name },
    preemptionPolicy: flags.string('preemption-policy'),
    value: flags.number('value'),
  }),
};

export const podDisruptionBudget: Creator = {
  name: 'poddisruptionbudget',
  aliases: ['pdb'],
  use: 'NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none] [options]',
  short: 'Create a pod disruption budget with the specified name',
  failure: 'failed to create poddisruptionbudgets: ',
  mapping: MAPPINGS.podDisruptionBudget,
  flags: [
    { name: 'max-unavailable', type: 'string' },
    { name: 'min-available', type: 'string' },
    { name: 'selector', type: 'string' },
  ],
  build(name, { flags }) {
    const [selector, minimum, maximum] = ['selector', 'min-available', 'max-unavailable'].map((flag) =>
      flags.string(flag),
    ) as [string, string, string];
    if (selector === '') throw new Error('a selector must be specified');
    if (minimum === '' && maximum === '')
      throw new Error('one of min-available or max-unavailable must be specified');
    if (minimum !== '' && maximum !== '')
      throw new Error('min-available and max-unavailable cannot be both specified');
    for (const flag of ['min-available', 'max-unavailable']) {
      if (flags.string(flag) !== '' && !/^[0-9]+%?$/.test(flags.string(flag)))
        throw new Error(`invalid format specified for ${flag}`);
    }
    const count = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);
    return {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name },
      spec: {
        ...(maximum !== '' && { maxUnavailable: count(maximum) }),
        ...(minimum !== '' && { minAvailable: count(minimum) }),
        selector: labelSelectorOf(selector),
      },
      status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
    };
  },
};

function quantityOf(text: string): string {
  try {
    return canonicalQuantity(text);
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    throw new Error(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
}
