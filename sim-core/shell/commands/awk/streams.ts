import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import { LineInput, Pipe, textInput } from '../../../node/pipe.ts';
import type { InputStream } from '../../../node/program.ts';
import type { CommandEnvironment, CommandIo } from '../../command.ts';
import { fromByteString } from '../../grammar/utf8.ts';
import { ownInput } from '../../text/inputs.ts';
import type { Patterns } from './patterns.ts';
import { AwkFailure } from './problem.ts';
import { Records } from './records.ts';
import type { Redirection } from './syntax.ts';
import type { Task } from './task.ts';

/** How many bytes are kept before they are written. */
const BUFFER = 4096;

/** Something that is written to: a file or a command. */
interface Output {
  readonly name: string;
  buffer: string;
  /** Takes what was kept. */
  write(text: string): Promise<void> | undefined;
  /** Takes the rest; gives the exit code of a command, nothing for a file. */
  end(rest: string): Promise<number> | undefined;
}

/** A command that was written to has ended: that ends the program, as SIGPIPE does. */
export class BrokenPipe extends Error {}

/** Something that getline reads from. */
interface Source {
  readonly records: Records;
  end(): Promise<number> | undefined;
}

/** All that a program reads and writes beside its main input; texts are bytes, each of them a character. */
export class Streams {
  readonly #io: CommandIo;
  readonly #environment: CommandEnvironment;
  readonly #patterns: Patterns;
  /** By kind and name: a file and a command may have the same one. */
  readonly #outputs = new Map<string, Output>();
  readonly #sources = new Map<string, Source>();
  #stdin: Records | undefined;
  #shown = '';

  constructor(io: CommandIo, environment: CommandEnvironment, patterns: Patterns) {
    this.#io = io;
    this.#environment = environment;
    this.#patterns = patterns;
  }

  /** What commands read and write, which are run by /bin/sh: that is dash. */
  get #shell(): CommandIo {
    const stderr = (text: string) =>
      this.#io.stderr(text.replace(/^bash: (.*): command not found$/gm, '/bin/sh: 1: $1: not found'));
    return { ...this.#io, stderr };
  }

  /** The command's own input. */
  get stdin(): Records {
    return (this.#stdin ??= new Records(ownInput(this.#io, this.#environment.context), this.#patterns));
  }

  /** The records of a file; throws a {@link FileError}. */
  file(name: string): Records {
    if (name === '-' || name === '/dev/stdin') return this.stdin;
    const { machine, cwd } = this.#environment;
    return new Records(textInput(machine.files.read(resolvePath(cwd, name))), this.#patterns);
  }

  /** Shows what print has said so far. */
  flushShown(): void {
    if (this.#shown === '') return;
    const text = this.#shown;
    this.#shown = '';
    this.#io.stdout(fromByteString(text));
  }

  /** Says it on stdout. */
  *print(text: string): Task<void> {
    this.#shown += text;
    if (this.#shown.length < BUFFER) return;
    this.flushShown();
    const wait = this.#io.drained?.();
    if (wait !== undefined) yield wait;
  }

  /** Writes to a file or a command, which is opened when it is first named. */
  *write(redirection: Redirection, name: string, text: string): Task<void> {
    const isCommand = redirection === '|';
    if (!isCommand && (name === '/dev/stdout' || name === '-')) return yield* this.print(text);
    if (!isCommand && name === '/dev/stderr') {
      this.flushShown();
      this.#io.stderr(fromByteString(text));
      return;
    }
    const key = (isCommand ? '|' : '>') + name;
    let output = this.#outputs.get(key);
    if (output === undefined) {
      output = isCommand ? yield* this.#openCommand(name) : this.#openFile(name, redirection);
      this.#outputs.set(key, output);
    }
    output.buffer += text;
    if (output.buffer.length >= BUFFER) yield* this.#flush(output);
  }

  /** Writes what was kept: of all of that name, or of all. False if none has it. */
  *flush(name?: string): Task<boolean> {
    this.flushShown();
    const outputs = [...this.#outputs.values()].filter(
      (output) => name === undefined || output.name === name,
    );
    for (const output of outputs) yield* this.#flush(output);
    return name === undefined || outputs.length > 0 || name === '/dev/stdout';
  }

  /** Closes all that has this name; gives the last one's exit code, or -1 if there is none. */
  *close(name: string): Task<number> {
    let exit = -1;
    for (const key of [`>${name}`, `|${name}`]) {
      const output = this.#outputs.get(key);
      if (output === undefined) continue;
      this.#outputs.delete(key);
      exit = yield* this.#end(output);
    }
    for (const key of [`<${name}`, `|${name}`]) {
      const source = this.#sources.get(key);
      if (source === undefined) continue;
      this.#sources.delete(key);
      exit = yield* waitFor(source.end());
    }
    return exit;
  }

  /** The program is over: what it wrote to is closed, and commands that it wrote to have ended. */
  *closeAll(): Task<void> {
    this.flushShown();
    for (const { end } of this.#sources.values()) yield* waitFor(end());
    for (const output of this.#outputs.values()) yield* this.#end(output);
  }

  /** What getline reads from; undefined: there is no such file. */
  *source(from: 'file' | 'command', name: string): Task<Records | undefined> {
    const key = (from === 'file' ? '<' : '|') + name;
    const open = this.#sources.get(key);
    if (open !== undefined) return open.records;
    let source: Source;
    if (from === 'command') source = yield* this.#startCommand(name);
    else {
      try {
        source = { records: this.file(name), end: () => undefined };
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        if (error.code === 'EISDIR') throw new AwkFailure(`read error (${error.message})`);
        return undefined;
      }
    }
    this.#sources.set(key, source);
    return source.records;
  }

  /** Runs a command; gives its exit code. */
  *system(line: string): Task<number> {
    yield* this.flush();
    return (yield this.#environment.execute(fromByteString(line), this.#shell)) as number;
  }

  #openFile(name: string, redirection: Redirection): Output {
    const { machine, cwd } = this.#environment;
    const path = resolvePath(cwd, fromByteString(name));
    const attempt = (work: () => void) => {
      try {
        work();
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        throw new AwkFailure(`cannot open "${name}" for output (${error.message})`);
      }
    };
    attempt(() => (redirection === '>' ? machine.files.write(path, '') : machine.files.append(path, '')));
    const write = (text: string) => void attempt(() => machine.files.append(path, text));
    return { name, buffer: '', write, end: write };
  }

  *#openCommand(name: string): Task<Output> {
    yield* this.flush();
    const pipe = new Pipe();
    const io = { ...this.#shell, stdin: new LineInput(pipe) };
    const ended = this.#environment.execute(fromByteString(name), io).finally(() => pipe.abandon());
    return {
      name,
      buffer: '',
      write: (text) => {
        if (pipe.abandoned) throw new BrokenPipe();
        pipe.write(text);
        return pipe.drained();
      },
      end: (rest) => {
        pipe.write(rest);
        pipe.end();
        return ended;
      },
    };
  }

  *#startCommand(name: string): Task<Source> {
    yield* this.flush();
    const { context, execute } = this.#environment;
    const pipe = new Pipe();
    const own = context.child();
    const io: CommandIo = {
      ...this.#shell,
      // One that goes on writing when nobody reads is ended.
      stdout: (text) => (pipe.abandoned ? own.cancel() : pipe.write(text)),
      drained: () => pipe.drained(),
    };
    const ended = execute(fromByteString(name), io, own).finally(() => pipe.end());
    const input: InputStream = { read: () => pipe.read() };
    return {
      records: new Records(input, this.#patterns),
      end: () => {
        pipe.abandon();
        return ended;
      },
    };
  }

  *#flush(output: Output): Task<void> {
    const text = output.buffer;
    output.buffer = '';
    if (text === '') return;
    const wait = output.write(fromByteString(text));
    if (wait !== undefined) yield wait;
  }

  *#end(output: Output): Task<number> {
    this.flushShown();
    return yield* waitFor(output.end(fromByteString(output.buffer)));
  }
}

function* waitFor(ended: Promise<number> | undefined): Task<number> {
  return ended === undefined ? 0 : ((yield ended) as number);
}
