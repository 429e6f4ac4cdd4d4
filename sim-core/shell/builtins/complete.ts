import type { Builtin } from '../builtin.ts';

/**
 * `complete -F FUNCTION NAME …`: Tab works for NAME as for the command whose function it is, as
 * `complete -o default -F __start_kubectl k` asks for.
 */
export const complete: Builtin = {
  name: 'complete',
  run(args, _io, { session }) {
    const names: string[] = [];
    let target = '';
    for (let index = 0; index < args.length; index++) {
      const argument = args[index]!;
      if (argument === '-F') target = (args[++index] ?? '').replace(/^_+(start_)?/, '');
      else if (/^-[oACGWPSX]$/.test(argument)) index++;
      else if (!argument.startsWith('-')) names.push(argument);
    }
    for (const name of names) if (target !== '') session.completions.set(name, target);
    return 0;
  },
};
