import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import { LineInput, textInput } from '../../../node/pipe.ts';
import type { Command } from '../../command.ts';
import { quoteWord } from '../../quote.ts';
import { PatternError } from '../../text/matcher.ts';
import type { Expression, FindHost, Visited } from './expression.ts';
import { ExpressionError, parseExpression } from './expression.ts';

/** GNU find; what is in a directory comes in the order of names. */
export const find: Command = {
  name: 'find',
  async run(args, io, environment) {
    const { machine, cwd, clock, context } = environment;
    const { files } = machine;
    const words = args.filter((word, index) => !(index === 0 && /^-[HLP]$/.test(word)));
    const first = words.findIndex((word) => /^(?:-.|[!(),]$)/.test(word));
    const starts = first < 0 ? words : words.slice(0, first);
    let exit = 0;
    let quit = false;
    const complain = (text: string) => {
      io.stderr(`find: ${text}\n`);
      exit = 1;
    };
    const host: FindHost = {
      files,
      now: clock.now(),
      resolve: (path) => resolvePath(cwd, path),
      say: (text) => io.stdout(text),
      complain,
      quit: () => (quit = true),
      execute: async (command, directory) => {
        const line = command.map(quoteWord).join(' ');
        const own = { ...io, stdin: new LineInput(textInput('')) };
        return (
          (await environment.execute(
            directory === undefined ? line : `cd ${quoteWord(directory)} && ${line}`,
            own,
          )) === 0
        );
      },
    };
    let expression: Expression;
    try {
      expression = parseExpression(first < 0 ? [] : words.slice(first), host);
    } catch (error) {
      if (!(error instanceof ExpressionError || error instanceof PatternError)) throw error;
      complain(error.message);
      return 1;
    }
    const { test, least, most, depthFirst } = expression;
    const visit = async (path: string, shown: string, start: string, depth: number): Promise<void> => {
      if (quit || context.cancelled) return;
      const stat =
        expression.followsLinks || args[0] === '-L' ? files.stat(files.realPath(path)) : files.stat(path);
      let pruned = false;
      const file: Visited = { shown, path, start, depth, stat, prune: () => (pruned = true) };
      if (!depthFirst && depth >= least) await test(file);
      if (stat.type === 'directory' && (!pruned || depthFirst) && depth < most) {
        for (const name of files.list(path)) {
          const child = `${path === '/' ? '' : path}/${name}`;
          await visit(child, shown.endsWith('/') ? shown + name : `${shown}/${name}`, start, depth + 1);
        }
      }
      if (depthFirst && depth >= least && !quit) await test(file);
      await io.drained?.();
    };
    for (const start of starts.length === 0 ? ['.'] : starts) {
      const path = resolvePath(cwd, start);
      if (!files.exists(path)) {
        complain(`‘${start}’: No such file or directory`);
        continue;
      }
      try {
        await visit(path, start, start, 0);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        complain(`‘${error.path}’: ${error.message}`);
      }
      if (quit) break;
    }
    if (!(await expression.finish())) exit = 1;
    return context.cancelled ? 130 : exit;
  },
};
