import type { KubeObject } from '../../apimachinery/object.ts';
import { errorOfResponse } from '../../client-go/rest/response-error.ts';
import { watchOf } from '../../client-go/rest/watch.ts';
import type { Invocation } from '../invocation.ts';
import { Helper, objectPath } from '../resource/helper.ts';
import { apiVersionText, type RestMapping } from '../resource/rest-mapper.ts';
import { ExitError } from './errors.ts';

/** The condition did not come in time. */
export class WaitTimeoutError extends Error {
  constructor() {
    super('timed out waiting for the condition');
  }
}

/** What {@link untilObject} looks at: the object, or undefined once it is gone. */
export type ObjectCondition = (object: KubeObject | undefined) => boolean;

/**
 * Lists and watches one object until `condition` holds; resolves to what it held for. `timeout` in
 * simulated milliseconds. Rejects with a {@link WaitTimeoutError}.
 * Models k8s.io/client-go/tools/watch UntilWithSync.
 */
export async function untilObject(
  { factory, environment }: Pick<Invocation, 'factory' | 'environment'>,
  target: { readonly mapping: RestMapping; readonly namespace: string; readonly name: string },
  timeout: number,
  condition: ObjectCondition,
): Promise<KubeObject | undefined> {
  const { mapping, namespace, name } = target;
  const fieldSelector = `metadata.name=${name}`;
  const context = environment.context.child();
  let timedOut = false;
  const timer = environment.clock.schedule(timeout, () => {
    timedOut = true;
    context.cancel();
  });
  try {
    while (!context.cancelled) {
      const list = await new Helper(factory.client(), mapping).list(namespace, { fieldSelector });
      const [first] = list.items as KubeObject[];
      if (condition(first))
        return first && { apiVersion: apiVersionText(mapping), kind: mapping.kind, ...first };
      const path = objectPath(mapping, namespace, undefined, {
        fieldSelector,
        resourceVersion: list.metadata.resourceVersion,
        watch: 'true',
      });
      const response = await factory.client().raw({ method: 'GET', path });
      if (typeof response.body === 'string') throw errorOfResponse(response);
      for await (const { type, object } of watchOf<KubeObject>(response.body, context)) {
        if (type === 'BOOKMARK') continue;
        const now = type === 'DELETED' ? undefined : object;
        if (condition(now)) return now;
      }
    }
  } finally {
    timer.cancel();
    context.cancel();
  }
  if (timedOut) throw new WaitTimeoutError();
  throw new ExitError(130);
}
