const VERSION = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/;
const STAGES: readonly (string | undefined)[] = [undefined, 'beta', 'alpha'];

/**
 * Sorts versions of an API, best first: v2, v1, v2beta1, v1beta2, v1beta1, v1alpha1, then others by name.
 * Models k8s.io/apimachinery/pkg/version CompareKubeAwareVersionStrings, reversed.
 */
export function compareVersions(a: string, b: string): number {
  const left = VERSION.exec(a);
  const right = VERSION.exec(b);
  if (left === null || right === null) {
    if (left === null && right === null) return a < b ? -1 : a > b ? 1 : 0;
    return left === null ? 1 : -1;
  }
  return (
    STAGES.indexOf(left[2]) - STAGES.indexOf(right[2]) ||
    Number(right[1]) - Number(left[1]) ||
    Number(right[3] ?? 0) - Number(left[3] ?? 0)
  );
}
