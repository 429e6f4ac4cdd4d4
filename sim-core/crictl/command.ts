import type { CrictlInvocation } from './invocation.ts';
import { Fatal } from './invocation.ts';
import type { Option, Parsed } from './options.ts';

/** One command of crictl. */
export interface CrictlCommand {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly usage: string;
  readonly operands?: string;
  readonly options?: Readonly<Record<string, Option>>;
  /** Resolves to the exit code; nothing is 0. */
  run(invocation: CrictlInvocation, parsed: Parsed): Promise<number | void>;
}

/** --output of the commands that write JSON. */
export const OUTPUT = { short: 'o', value: true };

/** A command that does something to each container, pod or image. */
export function each(
  names: readonly [name: string, usage: string, operands: string],
  options: CrictlCommand['options'],
  work: (invocation: CrictlInvocation, id: string, parsed: Parsed) => Promise<string>,
): CrictlCommand {
  const [name, usage, operands] = names;
  return {
    ...{ name, usage, operands },
    options: options ?? {},
    async run(invocation, parsed) {
      if (parsed.operands.length === 0) throw new Fatal('ID cannot be empty');
      for (const id of parsed.operands) invocation.io.stdout(`${await work(invocation, id, parsed)}\n`);
    },
  };
}
