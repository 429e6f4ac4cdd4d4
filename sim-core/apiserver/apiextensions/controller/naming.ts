import { deepEqual } from '../../../apimachinery/copy.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import { findCondition } from '../customresourcedefinition/conditions.ts';
import type { Condition, CustomResourceDefinition, CustomResourceNames } from '../types.ts';

/** Names of a definition, as far as nobody else of its group has them, with what is to be said of them. */
export interface NamingResult {
  readonly acceptedNames: CustomResourceNames;
  readonly namesAccepted: Condition;
  readonly established: Condition;
}

/**
 * Decides which names a definition gets; `others` are the other definitions of its group.
 * Models pkg/controller/status/naming_controller.go calculateNamesAndConditions.
 */
export function acceptNames(
  crd: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
): NamingResult {
  const taken = others.map(({ status }) => status.acceptedNames);
  const resources = new Set(
    taken.flatMap((names) => [names.plural, names.singular, ...(names.shortNames ?? [])]),
  );
  const kinds = new Set(taken.flatMap((names) => [names.kind, names.listKind]));
  const wanted = crd.spec.names;
  const had = crd.status.acceptedNames;
  const accepted: CustomResourceNames = { ...had };
  const condition = {
    type: 'NamesAccepted',
    status: 'True',
    reason: 'NoConflicts',
    message: 'no conflicts found',
  };
  const refuse = (reason: string, message: string) => {
    Object.assign(condition, { status: 'False', reason, message });
  };
  const free = (name: string | undefined, mine: string | undefined, used: ReadonlySet<string | undefined>) =>
    name === mine || !used.has(name);
  const rows = [
    ['plural', 'PluralConflict', resources],
    ['singular', 'SingularConflict', resources],
    ['shortNames', 'ShortNamesConflict', resources],
    ['kind', 'KindConflict', kinds],
    ['listKind', 'ListKindConflict', kinds],
  ] as const;
  for (const [name, reason, used] of rows) {
    if (name === 'shortNames') {
      const conflicts = (wanted.shortNames ?? []).filter(
        (short) => !(had.shortNames ?? []).includes(short) && used.has(short),
      );
      const said = conflicts.map((short) => `${goQuote(short)} is already in use`);
      if (said.length > 0) refuse(reason, said.length === 1 ? said[0]! : `[${said.join(', ')}]`);
      else if (wanted.shortNames !== undefined) accepted.shortNames = wanted.shortNames;
      else delete accepted.shortNames;
    } else if (free(wanted[name], had[name], used)) {
      if (wanted[name] !== undefined) accepted[name] = wanted[name];
    } else {
      refuse(reason, `${goQuote(wanted[name] ?? '')} is already in use`);
    }
  }
  if (wanted.categories !== undefined) accepted.categories = wanted.categories;
  else delete accepted.categories;
  return { acceptedNames: accepted, namesAccepted: condition, established: establishedOf(crd, condition) };
}

function establishedOf(crd: CustomResourceDefinition, namesAccepted: Condition): Condition {
  const old = findCondition(crd, 'Established');
  if (old?.status !== 'True' && namesAccepted.status === 'True') {
    return {
      type: 'Established',
      status: 'False',
      reason: 'Installing',
      message: 'the initial names have been accepted',
    };
  }
  return (
    old ?? {
      type: 'Established',
      status: 'False',
      reason: 'NotAccepted',
      message: 'not all names are accepted',
    }
  );
}

/** True if the result says nothing new. */
export function isAccepted(crd: CustomResourceDefinition, result: NamingResult): boolean {
  const { lastTransitionTime: _time, ...known } = findCondition(crd, 'NamesAccepted') ?? {};
  return deepEqual(crd.status.acceptedNames, result.acceptedNames) && deepEqual(known, result.namesAccepted);
}
