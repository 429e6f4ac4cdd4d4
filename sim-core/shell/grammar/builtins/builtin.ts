import type { ShellProcess } from '../shell-process.ts';

/** A builtin of the full grammar; gives its exit code. */
export type GrammarBuiltin = (shell: ShellProcess, args: readonly string[]) => number | Promise<number>;
