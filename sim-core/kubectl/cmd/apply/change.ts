import type { Json, KubeObject } from '../../../apimachinery/object.ts';
import { isReason } from '../../../apimachinery/status.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import { applyMergePatch } from '../../../apimachinery/patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../../../apimachinery/patch/strategic/merge.ts';
import { patchSchemaOf } from '../../../apimachinery/patch/strategic/patch-schema.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import type { DryRun, writeParameters } from '../../genericclioptions/print-flags.ts';
import type { Invocation } from '../../invocation.ts';
import { Helper } from '../../resource/helper.ts';
import { ExitError, withSource } from '../../util/errors.ts';
import { schemaOfKind } from '../../util/schema.ts';
import type { Applied, FileTarget } from './target.ts';
import { resourceLine } from './target.ts';
import { deleteOptions } from './delete-options.ts';
import { LAST_APPLIED, lastAppliedOf } from './last-applied.ts';
import { threeWayPatch } from './three-way-patch.ts';

type JsonMap = { [key: string]: Json };

interface Change {
  /** As the server has it. */
  readonly current: KubeObject;
  /** As the manifest wants it. */
  readonly modified: KubeObject;
  readonly parameters: ReturnType<typeof writeParameters>;
  readonly dryRun: DryRun;
  readonly flags: FlagSet;
}

/** Patches an object that is there already; rejects in kubectl's words. Models pkg/cmd/apply Patcher.Patch. */
export async function changeStored(
  invocation: Invocation,
  target: FileTarget,
  change: Change,
): Promise<Applied> {
  const { current, modified, parameters, dryRun, flags } = change;
  const { factory, io } = invocation;
  const { mapping, namespace, name, manifest } = target;
  if (current.metadata.deletionTimestamp !== undefined) {
    io.stderr(`Warning: Detected changes to resource ${name} which is currently being deleted.\n`);
  }
  const original = lastAppliedOf(current);
  if (current.metadata.annotations?.[LAST_APPLIED] === undefined) {
    io.stderr(
      `Warning: resource ${mapping.resource}/${name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. ` +
        'kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. ' +
        'The missing annotation will be patched automatically.\n',
    );
  }
  const schema = schemaOfKind(mapping);
  const patch = threeWayPatch(
    (original ?? {}) as JsonMap,
    modified as unknown as JsonMap,
    current as unknown as JsonMap,
    schema,
  );
  if (Object.keys(patch).length === 0) return { object: current, operation: 'unchanged' };
  if (dryRun === 'client') {
    const merged =
      schema === undefined
        ? applyMergePatch(current as unknown as Json, patch)
        : applyStrategicMergePatch(current as never, patch as never, patchSchemaOf(schema));
    return { object: merged as unknown as KubeObject, operation: 'configured' };
  }
  const text = goJson(patch);
  try {
    const type = schema === undefined ? 'merge' : 'strategic';
    return {
      object: await new Helper(factory.client(), mapping).patch(namespace, name, type, text, parameters),
      operation: 'configured',
    };
  } catch (error) {
    const failed = (patched: string, problem: unknown) =>
      withSource(
        `applying patch:\n${patched}\nto:\nResource: "${resourceLine(target)}\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace)}\nfor:`,
        manifest!.source,
        problem,
      );
    if (!flags.bool('force') || !(isReason(error, 'Conflict') || isReason(error, 'Invalid')))
      throw failed(text, withSource('patching', manifest!.source, error));
    try {
      return { object: await deleteAndCreate(invocation, target, change), operation: 'configured' };
    } catch (problem) {
      throw failed(`${goJson(modified)}\n`, problem);
    }
  }
}

/** How often the deleted object is looked for. */
const POLL_INTERVAL = 1000;

/**
 * `--force`: the object makes room for one as the manifest wants it. Without --timeout it must be gone at once, which a
 * pod that ends gracefully is not. Models pkg/cmd/apply Patcher.deleteAndCreate.
 */
async function deleteAndCreate(
  { factory, environment: { clock, context } }: Invocation,
  { mapping, namespace, name }: FileTarget,
  { current, modified, parameters, dryRun, flags }: Change,
): Promise<KubeObject> {
  const helper = new Helper(factory.client(), mapping);
  await helper.delete(namespace, name, deleteOptions(flags, dryRun));
  const end = clock.now() + flags.duration('timeout');
  const isGone = () =>
    helper.get(namespace, name).then(
      () => false,
      (error: unknown) => {
        if (isReason(error, 'NotFound')) return true;
        throw error;
      },
    );
  while (!(await isGone())) {
    if (clock.now() + POLL_INTERVAL > end) throw new Error('context deadline exceeded');
    await clock.sleep(POLL_INTERVAL, { context });
    if (context.cancelled) throw new ExitError(130);
  }
  try {
    return await helper.create(namespace, modified, parameters);
  } catch (error) {
    // What was there is put back; the reader learns what was wrong with the new one.
    const { resourceVersion: _, ...metadata } = current.metadata;
    await helper.create(namespace, { ...current, metadata }, parameters);
    throw error;
  }
}
