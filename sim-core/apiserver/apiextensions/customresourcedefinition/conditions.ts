import { formatTime } from '../../../apimachinery/object.ts';
import type { Condition, CustomResourceDefinition } from '../types.ts';

/**
 * Sets a condition; its time changes only where its status does. Changes `definition`.
 * Models apihelpers SetCRDCondition.
 */
export function setCondition(
  { status }: CustomResourceDefinition,
  { type, status: value, reason, message }: Condition,
  now: number,
): void {
  status.conditions ??= [];
  const known = status.conditions.find((condition) => condition.type === type);
  if (known === undefined) {
    const lastTransitionTime = formatTime(now);
    status.conditions.push({ type, status: value, lastTransitionTime, reason, message });
    return;
  }
  if (known.status !== value) known.lastTransitionTime = formatTime(now);
  Object.assign(known, { status: value, reason, message });
}

export function findCondition({ status }: CustomResourceDefinition, type: string): Condition | undefined {
  return (status.conditions ?? []).find((condition) => condition.type === type);
}
