import type { Json, KubeObject } from '../../../apimachinery/object.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import { applyMergePatch } from '../../../apimachinery/patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../../../apimachinery/patch/strategic/merge.ts';
import { patchSchemaOf } from '../../../apimachinery/patch/strategic/patch-schema.ts';
import type { DryRun, writeParameters } from '../../genericclioptions/print-flags.ts';
import type { Invocation } from '../../invocation.ts';
import { Helper } from '../../resource/helper.ts';
import { withSource } from '../../util/errors.ts';
import { schemaOfKind } from '../../util/schema.ts';
import type { Applied, FileTarget } from './target.ts';
import { resourceLine } from './target.ts';
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
}

/** Patches an object that is there already; rejects in kubectl's words. Models pkg/cmd/apply Patcher.Patch. */
export async function changeStored(
  { factory, io }: Invocation,
  target: FileTarget,
  { current, modified, parameters, dryRun }: Change,
): Promise<Applied> {
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
    throw withSource(
      `applying patch:\n${text}\nto:\nResource: "${resourceLine(target)}\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace)}\nfor:`,
      manifest!.source,
      withSource('patching', manifest!.source, error),
    );
  }
}
