import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Target } from '../../resource/builder.ts';

export type FileTarget = Target & { type: 'name' };

/** What became of a target: the object, and the word for it. */
export interface Applied {
  readonly object: KubeObject;
  readonly operation: string;
}

/** What kubectl's errors call a target. */
export function resourceLine({ mapping }: FileTarget): string {
  const group = `${mapping.group}/${mapping.version}`;
  return `${group}, Resource=${mapping.resource}", GroupVersionKind: "${group}, Kind=${mapping.kind}"`;
}
