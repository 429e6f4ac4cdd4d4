import type { Pod, Service } from 'kubernetes-types/core/v1';
import { podCondition } from './pods.ts';

/** Says when the change happened that an object of endpoints came from. */
const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

interface ServiceState {
  readonly service: string;
  readonly pods: ReadonlyMap<string, string>;
}

/** Models k8s.io/endpointslice/util TriggerTimeTracker. */
export class TriggerTimeTracker {
  readonly #states = new Map<string, ServiceState>();

  /** When the oldest change since the last call happened, as RFC 3339; undefined for none. */
  compute(key: string, service: Service, pods: readonly Pod[]): string | undefined {
    const known = this.#states.get(key);
    const created = service.metadata!.creationTimestamp!;
    const times = new Map<string, string>();
    const changed: string[] = [];
    for (const pod of pods) {
      const time = podCondition(pod, 'Ready')?.lastTransitionTime;
      if (time === undefined) continue;
      const name = pod.metadata!.name!;
      times.set(name, time);
      if (time > (known?.pods.get(name) ?? '')) changed.push(time);
    }
    if (created > (known?.service ?? '')) changed.push(created);
    this.#states.set(key, { service: created, pods: times });
    return known === undefined ? created : changed.sort()[0];
  }

  forget(key: string): void {
    this.#states.delete(key);
  }
}

/** The annotations with the trigger time set, or without it. */
export function withTriggerTime(
  annotations: Readonly<Record<string, string>> | undefined,
  time: string | undefined,
): Record<string, string> {
  const { [TRIGGER_TIME]: _, ...rest } = annotations ?? {};
  return time === undefined ? rest : { ...rest, [TRIGGER_TIME]: time };
}
