import type { Bash, Command as BashCommand, ResolvedCommandContext } from 'just-bash';
import type { Clock } from '../../clock/clock.ts';
import { bytesOfText } from '../../crypto/encoding/byte-text.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { LineInput, MemoryExhaustedError, PROGRAM_MEMORY, textInput } from '../../node/pipe.ts';
import type { CommandIo } from '../command.ts';
import { ContextSignal } from './abort-signal.ts';
import { adaptFileSystem } from './file-system-adapter.ts';
import { type Filter, filterOf, operandsOf, readsInput } from './filters.ts';
import { runJq } from './jq.ts';
import { OutsideGate } from './outside-gate.ts';
import type { CommandPlace } from './place.ts';
import { quoteWord } from '../quote.ts';
import { fromByteString } from './utf8.ts';
import { isName } from './variables.ts';

export interface TextToolsConfig {
  readonly clock: Clock;
  readonly bash: typeof Bash;
  /** The lab's own commands, which tools like xargs may run. */
  readonly programs: readonly string[];
  readonly run: (
    name: string,
    args: readonly string[],
    io: CommandIo,
    place: CommandPlace,
  ) => Promise<number>;
  /** Names of all that lies in /usr/bin. */
  readonly installed: ReadonlySet<string>;
}

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/** jq, column, join and the like, by just-bash; a filter among them says what it can as its input comes. */
export class TextTools {
  readonly #config: TextToolsConfig;

  constructor(config: TextToolsConfig) {
    this.#config = config;
  }

  /** Runs a tool; gives its exit code. */
  async run(name: string, args: readonly string[], io: CommandIo, place: CommandPlace): Promise<number> {
    const apartArgs = apart(name, args);
    const shown = name === 'paste' && readsInput(name, apartArgs) ? [...apartArgs, '-'] : apartArgs;
    const execute = (text: string) => this.#execute(name, shown, text, place);
    if (name === 'jq') return this.#runJq(shown, io, place);
    if (!readsInput(name, shown)) return write(await execute(''), io);
    const filter = filterOf(name);
    if (filter === undefined) return write(await execute(await io.stdin.readAll()), io);
    return this.#stream(filter, execute, io, place);
  }

  /** jq reads its input or one file here; more files at once are just-bash's. */
  async #runJq(args: readonly string[], io: CommandIo, place: CommandPlace): Promise<number> {
    const [program = '.', file, ...more] = operandsOf('jq', args);
    if (readsInput('jq', args)) {
      const run = { program, text: await io.stdin.readAll(), source: '<stdin>' };
      return write(await runJq(args, run, (text) => this.#execute('jq', args, text, place)), io);
    }
    const takesProgramFromFile = args.some((argument) =>
      /^(?:-\w*f|--from-file|--args|--jsonargs)/.test(argument),
    );
    if (file === undefined || more.length > 0 || takesProgramFromFile) {
      const run = { program, text: '', source: '<unknown>' };
      return write(await runJq(args, run, () => this.#execute('jq', args, '', place)), io);
    }
    try {
      const text = place.session.machine.files.read(resolvePath(place.cwd, file));
      const others = args.toSpliced(args.lastIndexOf(file), 1);
      const run = { program, text, source: file };
      return write(await runJq(others, run, (piece) => this.#execute('jq', others, piece, place)), io);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      io.stderr(`jq: error: Could not open file ${file}: ${error.message}\n`);
      return 2;
    }
  }

  /** Feeds a filter what has come whenever no more is to be had at once. */
  async #stream(
    { stateless }: Filter,
    execute: (text: string) => Promise<Result>,
    io: CommandIo,
    { context }: CommandPlace,
  ): Promise<number> {
    const { clock } = this.#config;
    let text = '';
    let processed = 0;
    let shown = '';
    let complained = '';
    let exit = 1;
    let pending: Promise<string | undefined> | undefined;
    const cancelled = new Promise<undefined>((resolve) => context.onCancel(() => resolve(undefined)));
    const show = (result: Result): boolean => {
      if (stateless) {
        write(result, io);
        exit = Math.min(exit, result.exit);
        return true;
      }
      exit = result.exit;
      // What a longer input says otherwise can only be said at its end.
      if (!result.stdout.startsWith(shown)) return false;
      write(
        {
          ...result,
          stdout: result.stdout.slice(shown.length),
          stderr: result.stderr.slice(complained.length),
        },
        io,
      );
      shown = result.stdout;
      complained = result.stderr;
      return true;
    };
    for (;;) {
      pending ??= io.stdin.read();
      const idle = clock.sleep(0, { context, periodic: true }).then(() => 'idle' as const);
      const next = await Promise.race([pending.then((piece) => ({ piece })), idle]);
      const lines = text.lastIndexOf('\n') + 1;
      const isWorth = next === 'idle' || lines - processed >= Math.max(processed, MIN_BATCH);
      if (isWorth && lines > processed) {
        const result = await execute(stateless ? text.slice(processed, lines) : text.slice(0, lines));
        show(result);
        processed = lines;
        // One that complains of its arguments will not read on.
        if (result.exit > 1 || (result.exit === 1 && result.stderr !== '')) return result.exit;
        if (stateless) {
          text = text.slice(processed);
          processed = 0;
        }
        await io.drained?.();
      }
      if (context.cancelled) return exit;
      const arrived = next === 'idle' ? { piece: await Promise.race([pending, cancelled]) } : next;
      if (context.cancelled) return exit;
      pending = undefined;
      if (arrived.piece === undefined) break;
      text += arrived.piece;
      if (text.length > PROGRAM_MEMORY) throw new MemoryExhaustedError();
    }
    if (stateless && text === '' && exit === 0) return 0;
    const last = await execute(text);
    if (stateless) show(last);
    else {
      exit = last.exit;
      const rest = last.stdout.startsWith(shown) ? last.stdout.slice(shown.length) : last.stdout;
      write({ ...last, stdout: rest, stderr: last.stderr.slice(complained.length) }, io);
    }
    return exit;
  }

  async #execute(name: string, args: readonly string[], stdin: string, place: CommandPlace): Promise<Result> {
    const { clock, bash: Constructor, programs, installed } = this.#config;
    const gate = new OutsideGate(clock);
    const { session, cwd, variables, context } = place;
    const bash = new Constructor({
      fs: adaptFileSystem(session.machine.files, installed),
      cwd,
      customCommands: programs.map((program) => this.#adapt(program, gate, place)),
      sleep: (milliseconds) => gate.inside(() => clock.sleep(milliseconds, { context })),
      processInfo: { pid: session.pid, ppid: 1, uid: 0, gid: 0 },
      executionLimits: { maxCommandCount: MAX_COMMANDS, maxLoopIterations: MAX_ROUNDS },
      defenseInDepth: false,
    });
    gate.close();
    try {
      const names = Object.keys(variables).filter(isName);
      const line = [name, ...args].map(quoteWord).join(' ');
      const { stdout, stderr, exitCode } = await bash.exec(`export ${names.join(' ')}\ncommand ${line}`, {
        // Bytes that are no UTF-8 go in as bytes.
        ...(ESCAPED.test(stdin) ? { stdin: byteString(stdin), stdinKind: 'bytes' as const } : { stdin }),
        cwd,
        env: { ...variables, PWD: cwd },
        rawScript: true,
        signal: new ContextSignal(context) as unknown as AbortSignal,
      });
      // One whose reader is gone says nothing any more.
      if (context.cancelled) return { stdout: '', stderr: '', exit: exitCode };
      return { stdout, stderr: stderr.replaceAll(/^bash: line \d+: /gm, 'bash: '), exit: exitCode };
    } finally {
      gate.open();
    }
  }

  /** One of the lab's programs, as just-bash runs it. Time may pass while it does. */
  #adapt(name: string, gate: OutsideGate, place: CommandPlace): BashCommand {
    return {
      name,
      execute: (args, { stdin, cwd, exportedEnv }: ResolvedCommandContext) =>
        gate.inside(async () => {
          let stdout = '';
          let stderr = '';
          const io: CommandIo = {
            stdin: new LineInput(textInput(fromByteString(stdin as unknown as string))),
            stdout: (text) => void (stdout += text),
            stderr: (text) => void (stderr += text),
          };
          const { session, context, editor } = place;
          const own = { session, cwd, variables: exportedEnv ?? {}, context, editor };
          const exitCode = await this.#config.run(name, args, io, own);
          return { stdout, stderr, exitCode, stdoutKind: 'text' };
        }),
    };
  }
}

/** A byte that is no UTF-8; see byte-text.ts. */
const ESCAPED = /[\udc80-\udcff]/u;

/** The bytes of a text, as a string of which each character is one. */
function byteString(text: string): string {
  return Array.from(bytesOfText(text), (byte) => String.fromCharCode(byte)).join('');
}

/** How many commands a tool may run, and how often its loops turn. */
const MAX_COMMANDS = 20_000;
const MAX_ROUNDS = 1_000_000;
/** How much must have come, in characters, before a filter that is kept busy looks at it. */
const MIN_BATCH = 65_536;

/** Options that just-bash knows only with their values apart. */
const WITH_VALUE: Readonly<Record<string, RegExp>> = {
  paste: /^(-)(s?)(d)(.+)$/,
};

function apart(name: string, args: readonly string[]): string[] {
  const pattern = WITH_VALUE[name];
  return args.flatMap((argument) => {
    const match = pattern?.exec(argument);
    if (match === undefined || match === null) return [argument];
    const [, dash, flags, letter, value] = match;
    return [...(flags === '' ? [] : [dash! + flags]), dash! + letter, value!];
  });
}

function write({ stdout, stderr, exit }: Result, io: CommandIo): number {
  if (stdout !== '') io.stdout(stdout);
  if (stderr !== '') io.stderr(stderr);
  return exit;
}
