import type { Lab } from './lab.ts';
import type { LabActivity, Pace } from './protocol.ts';

/** Simulated time that passes after a command at most, if the cluster does not get quiet. */
const FOLLOW_LIMIT = 60_000;
/** Simulated time that passes after a switch, also in a quiet cluster: heartbeats and leases do not count as work. */
const SWITCH_TIME = 30_000;
/** Real milliseconds of one step. */
const STEP = 60;
/** Of a longer pause (a page in the background) no more than this many steps are made up for. */
const MISSED_STEPS = 4;

export interface TimeKeeperConfig {
  /** Real milliseconds from any fixed instant. */
  readonly realTime: () => number;
  readonly rest: (milliseconds: number) => Promise<void>;
  /** Told what happened while time passed, and when it does not pass any longer. */
  readonly onActivity: (activity: LabActivity, passing: boolean) => void;
}

/** Lets time pass in a lab while nothing is run, at the reader's pace. */
export class TimeKeeper {
  pace: Pace = { mode: 'follow', speed: 1 };
  readonly #config: TimeKeeperConfig;
  #followUntil = 0;
  #restlessUntil = 0;

  constructor(config: TimeKeeperConfig) {
    this.#config = config;
  }

  /** A command was run: what it set off may come to its end. */
  begin(lab: Lab): void {
    this.#followUntil = lab.status.time + FOLLOW_LIMIT;
  }

  /** A component was switched: those that look now and then (a kubelet, whoever waits for a lease) take notice. */
  beginSwitch(lab: Lab): void {
    this.begin(lab);
    this.#restlessUntil = lab.status.time + SWITCH_TIME;
  }

  /** Lets time pass for as long as it should, and `interrupted` does not say that there is other work. */
  async run(lab: Lab, interrupted: () => boolean): Promise<void> {
    const { realTime, rest, onActivity } = this.#config;
    let last = realTime();
    while (this.#moves(lab)) {
      if (interrupted()) return;
      await rest(STEP);
      if (interrupted()) return;
      const now = realTime();
      await lab.advance(Math.min(now - last, MISSED_STEPS * STEP) * this.#speed(lab));
      last = now;
      onActivity(lab.readActivity(), true);
    }
    onActivity(lab.readActivity(), false);
  }

  #moves(lab: Lab): boolean {
    const { time, quiet } = lab.status;
    if (this.#rushes(lab)) return true;
    if (this.pace.mode === 'follow')
      return time < this.#restlessUntil || (!quiet && time < this.#followUntil);
    return this.pace.mode === 'play';
  }

  #rushes({ status }: Lab): boolean {
    return this.pace.rush !== undefined && status.time < this.pace.rush.until;
  }

  #speed(lab: Lab): number {
    return this.#rushes(lab) ? this.pace.rush!.speed : this.pace.speed;
  }
}
