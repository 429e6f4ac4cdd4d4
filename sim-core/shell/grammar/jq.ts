import { readJqInput } from './jq-input.ts';

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

export interface JqRun {
  readonly program: string;
  readonly text: string;
  /** "<stdin>", or the file that the text is from. */
  readonly source: string;
}

/** Options that take the input as something else than one JSON value after the other, or not at all. */
const OTHER_INPUT = /^(?:-\w*[nRs]|--(?:null-input|raw-input|slurp|seq|stream))/;
const INPUT_FAULT = 2;
const COMPILE_FAULT = 3;
const RUNTIME_FAULT = 5;

/**
 * Runs jq's program on a text, value by value where one of them fails, and says what is wrong as jq 1.7 does:
 * of the input (exit 2), of the program (3), of a value (5).
 *
 * Models process and main of jq's main.c.
 */
export async function runJq(
  args: readonly string[],
  { program, text, source }: JqRun,
  execute: (text: string) => Promise<Result>,
): Promise<Result> {
  if (args.some((argument) => OTHER_INPUT.test(argument)))
    return told(await execute(text), program, '<unknown>');
  const { ends, fault } = readJqInput(text);
  const result = await runValues({ program, text, source }, ends, execute);
  if (fault === undefined || result.exit === COMPILE_FAULT) return result;
  return { ...result, stderr: `${result.stderr}jq: parse error: ${fault}\n`, exit: INPUT_FAULT };
}

async function runValues(
  { program, text, source }: JqRun,
  ends: readonly number[],
  execute: (text: string) => Promise<Result>,
): Promise<Result> {
  const whole = await execute(text.slice(0, ends.at(-1) ?? 0));
  if (whole.exit !== RUNTIME_FAULT && whole.exit !== COMPILE_FAULT) return whole;
  const results: Result[] = [];
  for (const [index, end] of ends.entries()) {
    const own = await execute(text.slice(ends[index - 1] ?? 0, end));
    results.push(told(own, program, `${source}:${lineOf(text, end)}`));
    if (results.at(-1)!.exit === COMPILE_FAULT) return results.at(-1)!;
  }
  if (results.length === 0) return told(whole, program, '<unknown>');
  return {
    stdout: results.map(({ stdout }) => stdout).join(''),
    stderr: results.map(({ stderr }) => stderr).join(''),
    exit: Math.max(...results.map(({ exit }) => exit)),
  };
}

/** How many lines jq has read when a value is whole: the one that it ends in, if that has ended, too. */
function lineOf(text: string, end: number): number {
  const lines = text.slice(0, end).split('\n').length;
  return text.includes('\n', end) ? lines : lines - 1;
}

/** The result in jq's words. */
function told({ stdout, stderr, exit }: Result, program: string, place: string): Result {
  const missing = /^jq: error: Unknown function: (\S+)\n$/.exec(stderr)?.[1];
  if (missing !== undefined) {
    const what = `${missing}/${arityOf(program, missing)} is not defined`;
    return compileFault(what, program, program.indexOf(missing));
  }
  const message = /^jq: (?:parse )?error: ([^]*)\n$/.exec(stderr)?.[1];
  if (message === undefined) return { stdout, stderr, exit };
  if (/^Unexpected token EOF at position/.test(message)) {
    const what = 'syntax error, unexpected end of file (Unix shell quoting issues?)';
    return compileFault(what, program, program.length - 1);
  }
  if (exit !== RUNTIME_FAULT || /at position \d+$/.test(message)) return { stdout, stderr, exit };
  return { stdout, stderr: `jq: error (at ${place}): ${message}\n`, exit };
}

/** jq sets as many spaces behind the program as stand before the fault. */
function compileFault(what: string, program: string, offset: number): Result {
  const shown = `${program}${' '.repeat(Math.max(0, offset))}`;
  const stderr = `jq: error: ${what} at <top-level>, line 1:\n${shown}\njq: 1 compile error\n`;
  return { stdout: '', stderr, exit: COMPILE_FAULT };
}

/** With how many arguments a function is called. */
function arityOf(program: string, name: string): number {
  const from = program.indexOf(name) + name.length;
  if (program[from] !== '(') return 0;
  let [depth, count] = [0, 1];
  for (const character of program.slice(from)) {
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && --depth === 0) break;
    else if (character === ';' && depth === 1) count++;
  }
  return count;
}
