import type { Builtin } from '../builtin.ts';

const NAMES = [
  ...[
    'alias',
    'cd',
    'command',
    'complete',
    'exit',
    'export',
    'fg',
    'history',
    'jobs',
    'kill',
    'logout',
    'ssh',
  ],
  ...['timeout', 'type', 'unalias', 'unset', 'wait'],
];

/** The shell's own commands; what they do is fetched when the first of them runs. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(NAMES.map((name) => [name, fetched(name)]));

function fetched(name: string): Builtin {
  return {
    name,
    async run(args, io, shell) {
      const { ALL } = await shell.clock.outside(import('./builtins.ts'));
      return ALL.get(name)!.run(args, io, shell);
    },
  };
}
