import type { StatusError } from '../status.ts';
import { applyConflictError } from '../status.ts';
import { elementText } from '../structured-merge-diff/path-element.ts';
import type { Conflict } from '../structured-merge-diff/apply.ts';
import type { Managed, ManagedFieldsEntry } from './entry.ts';

/** 409 with a cause for each field that others manage. Models internal/conflict.go NewConflictError. */
export function conflictStatus(conflicts: readonly Conflict[], managed: Managed): StatusError {
  const inOrder = [...conflicts].sort((a, b) => (a.manager < b.manager ? -1 : a.manager > b.manager ? 1 : 0));
  const texts = inOrder.map(({ manager, path }) => ({
    manager: managerText(managed.get(manager)!),
    path: path.map(elementText).join(''),
  }));
  return applyConflictError(
    message(texts),
    texts.map(({ manager, path }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${manager}`,
      field: path,
    })),
  );
}

function message(texts: readonly { readonly manager: string; readonly path: string }[]): string {
  const [first] = texts;
  if (texts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${first!.manager}: ${first!.path}`;
  }
  const byManager = new Map<string, string[]>();
  for (const { manager, path } of texts) {
    byManager.set(manager, [...(byManager.get(manager) ?? []), path]);
  }
  const lines = [...byManager].flatMap(([manager, paths]) => [
    `conflicts with ${manager}:`,
    ...paths.map((path) => `- ${path}`),
  ]);
  return `Apply failed with ${texts.length} conflicts: ${lines.join('\n')}`;
}

/** `"kubectl" with subresource "status" using apps/v1`. Models printManager. */
function managerText({ manager, subresource, operation, apiVersion }: ManagedFieldsEntry): string {
  const name =
    JSON.stringify(manager) +
    (subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`);
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}
