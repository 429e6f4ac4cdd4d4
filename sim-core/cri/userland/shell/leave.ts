import type { LineInput } from '../../../node/pipe.ts';

/** Where a command reads and writes. */
export interface ShellIo {
  readonly stdin: LineInput;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** Leaves the shell, a function or loops on the way. */
export class Leave extends Error {
  readonly from: 'shell' | 'function' | 'loop';
  readonly status: number;
  /** How many loops are left, and whether the last goes on with its next round. */
  readonly depth: number;
  readonly goesOn: boolean;

  constructor(from: Leave['from'], status: number, depth = 0, goesOn = false) {
    super('leave');
    this.from = from;
    this.status = status;
    this.depth = depth;
    this.goesOn = goesOn;
  }
}
