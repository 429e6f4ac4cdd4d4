import type { KubeObject } from '../../../apimachinery/object.ts';
import { inOrder } from '../../storage/etcd3/codec.ts';
import type { Etcd3Store } from '../../storage/etcd3/store.ts';
import type { RequestContext } from '../rest/object-store.ts';
import type { FinishWrite } from '../rest/subresource.ts';

/**
 * Stores what `change` makes of what is stored under `key` (undefined: nothing), again while others write in between;
 * on a dry run one round of it without the write. What `change` adds to its `finishers` is told how its round ended.
 * Resolves to what is stored then. Models Etcd3's GuaranteedUpdate and DryRunnableStorage's.
 */
export async function guaranteedUpdate(
  storage: Etcd3Store,
  key: string,
  context: RequestContext,
  change: (existing: KubeObject | undefined, finishers: FinishWrite[]) => Promise<KubeObject>,
): Promise<KubeObject> {
  let finishers: FinishWrite[] = [];
  const finish = async (succeeded: boolean) => {
    const running = finishers;
    finishers = [];
    for (const finisher of running) await finisher(succeeded);
  };
  try {
    const attempt = async (existing: KubeObject | undefined) => {
      if (finishers.length > 0) await finish(false);
      return change(existing, finishers);
    };
    let result: KubeObject;
    if (context.dryRun) {
      const { object: existing } = await storage.get(key);
      result = inOrder(await attempt(existing), existing?.metadata.resourceVersion);
    } else {
      result = await storage.guaranteedUpdate(key, attempt, context.requestId);
    }
    if (finishers.length > 0) await finish(true);
    return result;
  } catch (error) {
    if (finishers.length > 0) await finish(false);
    throw error;
  }
}
