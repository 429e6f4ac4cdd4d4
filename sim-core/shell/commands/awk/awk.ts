import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import type { Command, CommandEnvironment, CommandIo } from '../../command.ts';
import { fromByteString, toByteString } from '../../grammar/utf8.ts';
import { Cancelled, Interpreter, overflow } from './interpreter.ts';
import { unescapeText } from './lexer.ts';
import { parseProgram } from './parser.ts';
import { patternProblem, Patterns } from './patterns.ts';
import { AwkFailure, AwkProblem } from './problem.ts';
import { BrokenPipe, Streams } from './streams.ts';
import { perform } from './task.ts';
import { Variables } from './variables.ts';

const TROUBLE = 2;
const CANCELLED = 130;
/** 128 and SIGPIPE. */
const BROKEN_PIPE = 141;

const USAGE = `Usage: mawk [Options] [Program] [file ...]

Program:
    The -f option value is the name of a file containing program text.
    If no -f option is given, a "--" ends option processing; the following
    parameters are the program text.

Options:
    -f program-file  Program  text is read from file instead of from the
                     command-line.  Multiple -f options are accepted.
    -F value         sets the field separator, FS, to value.
    -v var=value     assigns value to program variable var.
    --               unambiguous end of options.

    Implementation-specific options are prefixed with "-W".  They can be
    abbreviated:

    -W version       show version information and exit.
    -W compat        pre-POSIX 2001.
    -W dump          show assembler-like listing of program and exit.
    -W help          show this message and exit.
    -W interactive   set unbuffered output, line-buffered input.
    -W exec file     use file as program as well as last option.
    -W posix         stricter POSIX checking.
    -W random=number set initial random seed.
    -W sprintf=number adjust size of sprintf buffer.
    -W usage         show this message and exit.
`;
const VERSION = `mawk 1.3.4 20240123
Copyright 2008-2023,2024, Thomas E. Dickey
Copyright 1991-1996,2014, Michael D. Brennan
`;

/** What the words after the name say; texts are bytes, each of them a character. */
interface Invocation {
  readonly files: readonly string[];
  readonly assignments: readonly string[];
  readonly words: readonly string[];
}

/** mawk, which is the awk of Debian and Ubuntu. */
export const awk: Command = {
  name: 'awk',
  async run(args, io, environment) {
    const fail = (message: string): number => {
      io.stderr(`awk: ${fromByteString(message)}\n`);
      return TROUBLE;
    };
    const invocation = options(args.map(toByteString), io, fail);
    if (typeof invocation === 'number') return invocation;
    const { files, assignments } = invocation;
    const words = [...invocation.words];
    if (files.length + words.length === 0) {
      if (args.length === 0) io.stderr(USAGE);
      return 0;
    }
    try {
      const text = files.length === 0 ? words.shift()! : await programText(files, io, environment);
      const place = files.length === 0 ? '' : `${files[0]}: `;
      const program = parseProgram(
        text,
        (message, line) => void fail(line === undefined ? message : `${place}line ${line}: ${message}`),
      );
      if (program === undefined) return TROUBLE;
      const patterns = new Patterns(environment.clock);
      const streams = new Streams(io, environment, patterns);
      const variables = new Variables(program.globals, words, environment.variables);
      for (const assignment of assignments) variables.assign(assignment);
      const interpreter = new Interpreter(program, variables, environment, streams, patterns);
      return await run(interpreter, variables, streams, fail);
    } catch (error) {
      if (error instanceof AwkFailure) return fail(error.message);
      throw error;
    }
  },
};

async function run(
  interpreter: Interpreter,
  variables: Variables,
  streams: Streams,
  fail: (message: string) => number,
): Promise<number> {
  const flush = () => streams.flushShown();
  let exit: number;
  try {
    exit = await perform(interpreter.run(), flush);
  } catch (error) {
    if (error instanceof Cancelled) return CANCELLED;
    flush();
    if (error instanceof AwkProblem) exit = fail(`run time error: ${error.message}\n\t${variables.place}`);
    // What is nested deeper than our own calls can be is too deep for mawk, too.
    else if (error instanceof RangeError) exit = fail(overflow().message);
    else if (error instanceof AwkFailure) exit = fail(error.message);
    else if (error instanceof BrokenPipe) exit = BROKEN_PIPE;
    else throw error;
  }
  await perform(streams.closeAll(), flush);
  return exit;
}

/** The options, or the exit code if there is nothing to run. */
function options(
  args: readonly string[],
  io: CommandIo,
  fail: (message: string) => number,
): Invocation | number {
  const files: string[] = [];
  const assignments: string[] = [];
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at]!;
    if (!/^-./.test(word)) break;
    if (word === '--') {
      at++;
      break;
    }
    if (word.startsWith('--')) {
      if (/^--(?:version|help|usage)$/.test(word)) return information(word.slice(2), io);
      return fail(`not an option: ${word}`);
    }
    const letter = word[1]!;
    if (!'WFvf'.includes(letter)) return fail(`not an option: ${word}`);
    const value = word.length > 2 ? word.slice(2) : args[++at];
    if (value === undefined) return fail(`option ${word} lacks argument`);
    if (letter === 'F') {
      const problem = value.length > 1 ? patternProblem(unescapeText(value)) : undefined;
      if (problem !== undefined) return fail(`line 0: ${problem}`);
      assignments.push(`FS=${value}`);
    } else if (letter === 'f') files.push(value);
    else if (letter === 'v') {
      if (!/^[A-Za-z_]\w*=/.test(value)) return fail(`improper assignment: -v ${value}`);
      assignments.push(value);
    } else if (/^(?:v|h|u)/.test(value)) return information(value, io);
  }
  return { files, assignments, words: args.slice(at) };
}

function information(name: string, io: CommandIo): number {
  io.stdout(name.startsWith('v') ? VERSION : USAGE);
  return 0;
}

async function programText(
  files: readonly string[],
  io: CommandIo,
  { machine, cwd }: CommandEnvironment,
): Promise<string> {
  let text = '';
  for (const file of files) {
    try {
      text +=
        file === '-' || file === '/dev/stdin'
          ? await io.stdin.readAll()
          : machine.files.read(resolvePath(cwd, fromByteString(file)));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new AwkFailure(`cannot open "${file}" (${error.message})`);
    }
    if (!text.endsWith('\n')) text += '\n';
  }
  return toByteString(text);
}
