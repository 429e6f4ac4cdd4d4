import { deepEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { isReason } from '../../../apimachinery/status.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import { DRY_RUN_FLAG, FILENAME_FLAGS, PRINT_FLAGS } from '../../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter } from '../../genericclioptions/print-flags.ts';
import type { Invocation } from '../../invocation.ts';
import { builderOptions, resolveTargets } from '../../resource/builder.ts';
import { Helper } from '../../resource/helper.ts';
import { throwAll } from '../../util/errors.ts';
import type { PolicyRule } from '../../util/rbac.ts';
import { MAPPINGS } from '../create/mappings.ts';

const RBAC = 'rbac.authorization.k8s.io';
const ROLES = ['Role', 'ClusterRole'];
const BINDINGS = ['RoleBinding', 'ClusterRoleBinding'];

/** Models pkg/cmd/auth/reconcile.go. */
export const reconcile: CommandDefinition = {
  name: 'reconcile',
  use: '-f FILENAME [options]',
  short: 'Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects',
  flags: [
    ...PRINT_FLAGS,
    ...FILENAME_FLAGS,
    DRY_RUN_FLAG,
    { name: 'remove-extra-permissions', type: 'bool', default: 'false' },
    { name: 'remove-extra-subjects', type: 'bool', default: 'false' },
  ],
  async run(invocation, parsed) {
    const { args, flags } = parsed;
    const options = builderOptions(parsed, false);
    if (options.filenames!.length === 0 && !options.kustomize)
      throw new Error('must specify one of -f and -k');
    if (args.length > 0) throw new Error('no arguments are allowed');
    const dryRun = dryRunOf(flags, invocation.factory.log);
    if (dryRun === 'server') throw new Error('--dry-run=server for command reconcile is not supported yet');
    const print = await resultPrinter(invocation, dryRun, true);
    const errors: Error[] = [];
    const { targets } = await resolveTargets(invocation, [], options, errors);
    for (const target of targets) {
      if (target.type !== 'name') continue;
      const { mapping, namespace, name, manifest } = target;
      const wanted = manifest!.object;
      if (mapping.group !== RBAC || ![...ROLES, ...BINDINGS].includes(mapping.kind)) continue;
      const helper = new Helper(invocation.factory.client(), mapping);
      try {
        const live = await existing(helper, namespace, name);
        if (live === undefined) {
          if (dryRun === 'none') {
            await ensureNamespace(invocation, namespace);
            print(await helper.create(namespace, wanted), 'reconciled');
          } else print(wanted, 'reconciled');
          const notes = ROLES.includes(mapping.kind)
            ? note('missing rules added', rulesOf(wanted), RULE)
            : note('missing subjects added', subjectsOf(wanted), SUBJECT);
          invocation.io.stderr(`\treconciliation required create\n${notes}`);
          continue;
        }
        const { merged, notes } = merge(live, wanted, flags);
        const changed = !deepEqual(merged, live);
        if (changed && dryRun === 'none') print(await helper.replace(namespace, name, merged), 'reconciled');
        else print(merged, 'reconciled');
        if (changed) invocation.io.stderr(`\treconciliation required update\n${notes}`);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        errors.push(error);
      }
    }
    throwAll(errors);
    return 0;
  },
};

async function existing(helper: Helper, namespace: string, name: string): Promise<KubeObject | undefined> {
  try {
    return await helper.get(namespace, name);
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function ensureNamespace({ factory }: Invocation, namespace: string): Promise<void> {
  if (namespace === '') return;
  const helper = new Helper(factory.client(), MAPPINGS.namespace);
  if ((await existing(helper, '', namespace)) !== undefined) return;
  await helper.create('', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
}

interface Merged {
  readonly merged: KubeObject;
  /** What is said of the change. */
  readonly notes: string;
}

/** The live object with what the wanted one adds, and without what it lacks if a flag says so. */
function merge(live: KubeObject, wanted: KubeObject, flags: FlagSet): Merged {
  const metadata = {
    ...live.metadata,
    ...mergedMap('labels', live, wanted),
    ...mergedMap('annotations', live, wanted),
  };
  // The rules of an aggregated role are the controller's.
  if (live.aggregationRule !== undefined) return { merged: { ...live, metadata }, notes: '' };
  if (ROLES.includes(wanted.kind ?? '')) {
    const [old, rules] = [rulesOf(live), rulesOf(wanted)];
    const missing = uncovered(old, rules);
    const extra = flags.bool('remove-extra-permissions') ? uncovered(rules, old) : [];
    const kept = extra.length > 0 ? rules : [...old, ...missing];
    return {
      merged:
        missing.length + extra.length === 0 ? { ...live, metadata } : { ...live, metadata, rules: kept },
      notes: note('missing rules added', missing, RULE) + note('extra rules removed', extra, RULE),
    };
  }
  const [old, subjects] = [subjectsOf(live), subjectsOf(wanted)];
  const isIn = (list: readonly object[], one: object) => list.some((other) => deepEqual(other, one));
  const missing = subjects.filter((one) => !isIn(old, one));
  const extra = flags.bool('remove-extra-subjects') ? old.filter((one) => !isIn(subjects, one)) : [];
  const kept = [...old.filter((one) => !extra.includes(one)), ...missing];
  return {
    merged:
      missing.length + extra.length === 0 ? { ...live, metadata } : { ...live, metadata, subjects: kept },
    notes: note('missing subjects added', missing, SUBJECT) + note('extra subjects removed', extra, SUBJECT),
  };
}

/** The fields of Go's structures in their order, by the names of JSON. */
const RULE = {
  Verbs: 'verbs',
  APIGroups: 'apiGroups',
  Resources: 'resources',
  ResourceNames: 'resourceNames',
  NonResourceURLs: 'nonResourceURLs',
};
const SUBJECT = { Kind: 'kind', APIGroup: 'apiGroup', Name: 'name', Namespace: 'namespace' };

/** A caption and what it is about, as Go's %+v shows structures. Models printResults. */
function note(caption: string, items: readonly object[], shape: Readonly<Record<string, string>>): string {
  if (items.length === 0) return '';
  const lines = items.map((item) => {
    const values = item as Record<string, string | readonly string[] | undefined>;
    const fields = Object.entries(shape).map(([name, key]) => {
      const value = values[key] ?? (shape === RULE ? [] : '');
      return `${name}:${typeof value === 'string' ? value : `[${value.join(' ')}]`}`;
    });
    return `\t\t{${fields.join(' ')}}\n`;
  });
  return `\t${caption}:\n${lines.join('')}`;
}

function mergedMap(field: 'labels' | 'annotations', live: KubeObject, wanted: KubeObject): object {
  const values = { ...live.metadata[field], ...wanted.metadata[field] };
  return Object.keys(values).length === 0 ? {} : { [field]: values };
}

function rulesOf(role: KubeObject): readonly PolicyRule[] {
  return (role.rules as readonly PolicyRule[] | null | undefined) ?? [];
}

function subjectsOf(binding: KubeObject): readonly object[] {
  return (binding.subjects as readonly object[] | null | undefined) ?? [];
}

/**
 * What the wanted rules grant and the others do not, in rules of one verb for one thing each.
 * Models component-helpers auth/rbac/validation Covers.
 */
function uncovered(rules: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(breakDown).filter((rule) => !covers(rules, rule));
}

/** Models BreakdownRule. */
function breakDown({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: PolicyRule): PolicyRule[] {
  const names = resourceNames.length === 0 ? [undefined] : resourceNames;
  const ofResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        names.map((name) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          ...(name !== undefined && { resourceNames: [name] }),
        })),
      ),
    ),
  );
  const ofUrls = nonResourceURLs.flatMap((url) =>
    verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] })),
  );
  return [...ofResources, ...ofUrls];
}

/** True if one of the rules grants all that `wanted` does. Models component-helpers rbac/validation Covers. */
function covers(rules: readonly PolicyRule[], wanted: PolicyRule): boolean {
  const includes = (have: readonly string[] = [], want: readonly string[] = []) =>
    have.includes('*') || want.every((one) => have.includes(one));
  return rules.some(
    (rule) =>
      includes(rule.verbs, wanted.verbs) &&
      includes(rule.apiGroups, wanted.apiGroups) &&
      includes(rule.resources, wanted.resources) &&
      includes(rule.nonResourceURLs, wanted.nonResourceURLs) &&
      ((rule.resourceNames ?? []).length === 0 ||
        ((wanted.resourceNames ?? []).length > 0 &&
          (wanted.resourceNames ?? []).every((name) => rule.resourceNames!.includes(name)))),
  );
}
