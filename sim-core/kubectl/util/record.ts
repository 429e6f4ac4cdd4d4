import type { KubeObject } from '../../apimachinery/object.ts';
import type { Invocation } from '../invocation.ts';

/** What a rollout was made for. */
export const CHANGE_CAUSE = 'kubernetes.io/change-cause';

/**
 * The object with the command line in its change-cause, if --record asks for it.
 * Models genericclioptions ChangeCauseRecorder.
 */
export function recorded(object: KubeObject, invocation: Invocation, args: readonly string[]): KubeObject {
  const cause = changeCause(invocation, args);
  if (cause === undefined) return object;
  const annotations = { ...object.metadata.annotations, [CHANGE_CAUSE]: cause };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** "kubectl set image deploy/web nginx=nginx:1.27 --record=true"; undefined without --record. */
export function changeCause({ flags, commandPath }: Invocation, args: readonly string[]): string | undefined {
  if (!flags.has('record') || !flags.bool('record')) return undefined;
  const given = flags.given.map(([name, value]) => `--${name}=${value}`);
  return [commandPath, ...args, ...given].join(' ');
}
