/**
 * A count, or the count that a percentage of `total` makes.
 * Models k8s.io/apimachinery/pkg/util/intstr GetScaledValueFromIntOrPercent.
 */
export function scaledValue(value: number | string | undefined, total: number, round: 'up' | 'down'): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent === undefined) throw new Error(`${JSON.stringify(value)} is neither a number nor a percentage`);
  const exact = (Number(percent) * total) / 100;
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact);
}
