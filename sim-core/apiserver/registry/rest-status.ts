import type { KubeObject } from '../../apimachinery/object.ts';

/** The Status that a write answers when it has no object to show. */
export function successStatus(code: number): KubeObject {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code };
}
