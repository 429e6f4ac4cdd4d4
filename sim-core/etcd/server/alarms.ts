import type { AlarmMember, AlarmType } from '../clientv3/maintenance.ts';

/** Which alarms the member has raised. Models server/etcdserver/api/v3alarm AlarmStore. */
export class AlarmStore {
  readonly #memberId: string;
  readonly #raised = new Set<AlarmType>();

  constructor(memberId: string) {
    this.#memberId = memberId;
  }

  has(alarm: AlarmType): boolean {
    return this.#raised.has(alarm);
  }

  raise(alarm: AlarmType): void {
    this.#raised.add(alarm);
  }

  /** Takes the alarm back; returns false if it was not raised by that member. */
  disarm({ memberId, alarm }: AlarmMember): boolean {
    return memberId === this.#memberId && this.#raised.delete(alarm);
  }

  list(): AlarmMember[] {
    return Array.from(this.#raised, (alarm) => ({ memberId: this.#memberId, alarm }));
  }
}
