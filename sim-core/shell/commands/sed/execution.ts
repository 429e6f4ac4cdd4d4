import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import { LineInput, textInput } from '../../../node/pipe.ts';
import type { CommandEnvironment, CommandIo } from '../../command.ts';
import { type Line, ownInput } from '../../text/inputs.ts';
import { Matcher } from '../../text/matcher.ts';
import { expand, visible } from './line-text.ts';
import type { Address, RangeEnd, SedCommand, SedPattern } from './script.ts';

export interface SedOptions {
  /** Lines are shown only when a command says so (-n). */
  readonly quiet: boolean;
  readonly extended: boolean;
  /** Each file has its own first and last line. */
  readonly separate: boolean;
  /** What is added to a file's name for a copy of what it was; "": no copy; missing: the output goes to stdout. */
  readonly inPlace: string | undefined;
  readonly end: string;
  /** Where `l` breaks its lines. */
  readonly lineLength: number;
}

/** How often a script may jump back in one cycle before it is looked whether somebody ended it. */
const ROUNDS = 10_000;
const CANCELLED = 130;
const TROUBLE = 2;

/** The cycle: a line is read, the commands run, the line is shown. */
export class Execution {
  readonly #commands: readonly SedCommand[];
  readonly #io: CommandIo;
  readonly #environment: CommandEnvironment;
  readonly #options: SedOptions;
  readonly #matchers = new Map<SedPattern, Matcher>();
  /** Per command with a range: where it ends, while it is in it. */
  readonly #ranges = new Map<SedCommand, number>();
  readonly #readLines = new Map<string, string[]>();
  #lastMatcher: Matcher | undefined;
  #files: string[] = [];
  #input: LineInput | undefined;
  #current = '-';
  #ahead: Line | undefined;
  #space = '';
  #complete = true;
  #hold = '';
  #number = 0;
  #substituted = false;
  #appended: (() => void | Promise<void>)[] = [];
  #output = '';
  #exit = 0;

  constructor(
    commands: readonly SedCommand[],
    io: CommandIo,
    environment: CommandEnvironment,
    options: SedOptions,
  ) {
    this.#commands = commands;
    this.#io = io;
    this.#environment = environment;
    this.#options = options;
    for (const { from, to, pattern } of commands) {
      for (const one of [patternOf(from), patternOf(to), pattern]) if (one !== undefined) this.#matcher(one);
    }
  }

  /** Edits these files; gives sed's exit code. */
  async run(operands: readonly string[]): Promise<number> {
    this.#files = operands.length === 0 ? ['-'] : [...operands];
    for (const { text, name, flags } of this.#commands) {
      const file = 'wW'.includes(name) ? text : flags?.file;
      if (file !== undefined && !file.startsWith('/dev/std') && !this.#writeTo(file, '')) return 4;
    }
    let quit: number | undefined;
    let restarts = false;
    while (quit === undefined && (restarts || (await this.#next()))) {
      if (this.#environment.context.cancelled) return CANCELLED;
      const outcome = await this.#cycle();
      restarts = outcome === 'restart';
      if (typeof outcome === 'number') quit = outcome;
      await this.#io.drained?.();
    }
    this.#finishFile();
    return quit ?? this.#exit;
  }

  #path(file: string): string {
    return resolvePath(this.#environment.cwd, file);
  }

  #matcher(pattern: SedPattern): Matcher {
    let matcher = this.#matchers.get(pattern);
    if (matcher === undefined) {
      matcher = new Matcher(this.#environment.clock, [pattern.text], {
        dialect: this.#options.extended ? 'extended' : 'basic',
        ignoreCase: pattern.ignoreCase,
        multiline: pattern.multiline,
        sed: true,
        needsExtent: true,
      });
      this.#matchers.set(pattern, matcher);
    }
    return matcher;
  }

  /** Opens the next file; false if there is none. */
  #open(): boolean {
    this.#finishFile();
    for (let file = this.#files.shift(); file !== undefined; file = this.#files.shift()) {
      try {
        this.#input =
          file === '-' && this.#options.inPlace === undefined
            ? ownInput(this.#io, this.#environment.context)
            : new LineInput(textInput(this.#environment.machine.files.read(this.#path(file))));
        this.#current = file;
        if (this.#options.separate) this.#number = 0;
        return true;
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        this.#io.stderr(
          error.code === 'EISDIR'
            ? this.#options.inPlace === undefined
              ? `sed: read error on ${file}: ${error.message}\n`
              : `sed: couldn't edit ${file}: not a regular file\n`
            : `sed: can't read ${file}: ${error.message}\n`,
        );
        this.#exit = error.code === 'EISDIR' && this.#options.inPlace !== undefined ? 4 : TROUBLE;
      }
    }
    return false;
  }

  /** What was said of a file that is edited in place takes its place. */
  #finishFile(): void {
    const { inPlace } = this.#options;
    if (this.#input === undefined) return;
    this.#input = undefined;
    if (inPlace === undefined) return;
    const { files } = this.#environment.machine;
    const path = this.#path(this.#current);
    if (inPlace !== '') {
      const copy = inPlace.includes('*')
        ? path.replace(/[^/]*$/, (name) => inPlace.replaceAll('*', name))
        : path + inPlace;
      files.write(copy, files.read(path), { mode: files.stat(files.realPath(path)).mode });
    }
    files.write(path, this.#output);
    this.#output = '';
  }

  async #readLine(): Promise<Line | undefined> {
    if (this.#ahead !== undefined) {
      const line = this.#ahead;
      this.#ahead = undefined;
      return line;
    }
    if (this.#input === undefined) return undefined;
    const { line, complete } = await this.#input.readUntil(this.#options.end);
    return complete || line !== '' ? { text: line, complete } : undefined;
  }

  /** Reads the next line into the pattern space; false at the end. */
  async #next(append = false): Promise<boolean> {
    for (;;) {
      const line = await this.#readLine();
      if (line !== undefined) {
        this.#space = append ? `${this.#space}${this.#options.end}${line.text}` : line.text;
        this.#complete = line.complete;
        this.#number++;
        return true;
      }
      if (!this.#open()) return false;
    }
  }

  /** Looks ahead whether this line is the last one. */
  async #isLast(): Promise<boolean> {
    for (;;) {
      this.#ahead ??= await this.#readLine();
      if (this.#ahead !== undefined) return false;
      if (this.#options.separate || this.#files.length === 0) return true;
      if (!this.#open()) return true;
    }
  }

  #say(text: string): void {
    if (this.#options.inPlace === undefined) this.#io.stdout(text);
    else this.#output += text;
  }

  /** Shows a text as a line; the input's last line has an end only if it had one. */
  async #print(text: string): Promise<void> {
    const isOpen = !this.#complete && (await this.#isLast());
    this.#say(isOpen ? text : text + this.#options.end);
  }

  #write(file: string, text: string): void {
    if (file === '/dev/stdout') this.#say(text);
    else if (file === '/dev/stderr') this.#io.stderr(text);
    else this.#environment.machine.files.append(this.#path(file), text);
  }

  /** Makes a file that the script writes; false if that cannot be. */
  #writeTo(file: string, text: string): boolean {
    try {
      this.#environment.machine.files.write(this.#path(file), text);
      return true;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.#io.stderr(`sed: couldn't open file ${file}: ${error.message}\n`);
      return false;
    }
  }

  async #flushAppended(): Promise<void> {
    if (this.#appended.length > 0 && !this.#complete) this.#say(this.#options.end);
    for (const append of this.#appended.splice(0)) await append();
  }

  /** Runs the commands on the pattern space; a number: sed is over and exits with it. */
  async #cycle(): Promise<'next' | 'restart' | number> {
    const commands = this.#commands;
    this.#substituted = false;
    let rounds = 0;
    for (let at = 0; at < commands.length; at++) {
      const command = commands[at]!;
      if (!(await this.#isSelected(command))) {
        if (command.name === '{') at = command.target! - 1;
        continue;
      }
      switch (command.name) {
        case '{':
          break;
        case '=':
          this.#say(`${this.#number}\n`);
          break;
        case 'a':
          this.#appended.push(() => this.#say(command.text!));
          break;
        case 'i':
          this.#say(command.text!);
          break;
        case 'c':
          if (command.to === undefined || command.negated || !this.#ranges.has(command))
            this.#say(command.text!);
          return this.#endCycle(false);
        case 'd':
          return this.#endCycle(false);
        case 'D': {
          const newline = this.#space.indexOf(this.#options.end);
          if (newline < 0) return this.#endCycle(false);
          this.#space = this.#space.slice(newline + 1);
          await this.#flushAppended();
          return 'restart';
        }
        case 'e':
          break;
        case 'F':
          this.#say(`${this.#current}\n`);
          break;
        case 'g':
          this.#space = this.#hold;
          break;
        case 'G':
          this.#space += `${this.#options.end}${this.#hold}`;
          break;
        case 'h':
          this.#hold = this.#space;
          break;
        case 'H':
          this.#hold += `${this.#options.end}${this.#space}`;
          break;
        case 'l':
          this.#say(visible(this.#space, command.number ?? this.#options.lineLength));
          break;
        case 'n':
          if (await this.#isLast()) {
            if (!this.#options.quiet) await this.#print(this.#space);
            await this.#flushAppended();
            return 0;
          }
          if (!this.#options.quiet) await this.#print(this.#space);
          await this.#flushAppended();
          await this.#next();
          break;
        case 'N':
          if (await this.#isLast()) {
            if (!this.#options.quiet) await this.#print(this.#space);
            await this.#flushAppended();
            // Of files that are edited one by one, the next has its turn.
            if (this.#files.length > 0) return 'next';
            return this.#exit;
          }
          await this.#flushAppended();
          await this.#next(true);
          break;
        case 'p':
          await this.#print(this.#space);
          break;
        case 'P': {
          const newline = this.#space.indexOf(this.#options.end);
          if (newline < 0) await this.#print(this.#space);
          else this.#say(this.#space.slice(0, newline) + this.#options.end);
          break;
        }
        case 'q':
          if (!this.#options.quiet) await this.#print(this.#space);
          await this.#flushAppended();
          await this.#dumpRest();
          return command.number ?? this.#exit;
        case 'Q':
          await this.#dumpRest();
          return command.number ?? this.#exit;
        case 'r':
          this.#appended.push(() => this.#say(this.#readFile(command.text!)));
          break;
        case 'R':
          this.#appended.push(() => this.#sayLineOf(command.text!));
          break;
        case 's':
          await this.#substitute(command);
          break;
        case 'w':
          this.#write(command.text!, `${this.#space}\n`);
          break;
        case 'W':
          this.#write(command.text!, `${this.#space.split(this.#options.end, 1)[0]}\n`);
          break;
        case 'x':
          [this.#space, this.#hold] = [this.#hold, this.#space];
          break;
        case 'y':
          this.#space = [...this.#space].map((letter) => command.letters!.get(letter) ?? letter).join('');
          break;
        case 'z':
          this.#space = '';
          break;
        case 'b':
        case 't':
        case 'T': {
          const jumps = command.name === 'b' || this.#substituted === (command.name === 't');
          if (command.name !== 'b') this.#substituted = false;
          if (!jumps) break;
          at = command.target! - 1;
          // A script that turns for ever ends when somebody says so.
          if (++rounds % ROUNDS === 0) {
            const { clock, context } = this.#environment;
            await clock.sleep(0, { context });
            if (context.cancelled) return CANCELLED;
          }
          break;
        }
      }
    }
    return this.#endCycle(!this.#options.quiet);
  }

  async #endCycle(shows: boolean): Promise<'next'> {
    if (shows) await this.#print(this.#space);
    await this.#flushAppended();
    return 'next';
  }

  /** Of a file that is edited in place, what was not read stays as it is. */
  async #dumpRest(): Promise<void> {
    if (this.#options.inPlace === undefined) return;
    for (let line = await this.#readLine(); line !== undefined; line = await this.#readLine())
      this.#say(line.complete ? line.text + this.#options.end : line.text);
  }

  #readFile(file: string): string {
    try {
      return this.#environment.machine.files.read(this.#path(file));
    } catch (error) {
      if (error instanceof FileError) return '';
      throw error;
    }
  }

  #sayLineOf(file: string): void {
    let lines = this.#readLines.get(file);
    if (lines === undefined) {
      const text = this.#readFile(file);
      lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
      this.#readLines.set(file, lines);
    }
    const line = lines.shift();
    if (line !== undefined) this.#say(`${line}\n`);
  }

  async #isSelected(command: SedCommand): Promise<boolean> {
    const { from, to, negated } = command;
    if (from === undefined) return !negated;
    if (to === undefined) return (await this.#matches(from)) !== negated;
    return (await this.#isInRange(command, from, to)) !== negated;
  }

  /** Models match_address_p of sed/execute.c: a range is open until its end is met, in #ranges. */
  async #isInRange(command: SedCommand, from: Address, to: RangeEnd): Promise<boolean> {
    const until = this.#ranges.get(command);
    if (until === undefined) {
      // "0,/x/" begins before the first line, so that this one may be its end.
      const isZero = from.type === 'line' && from.line === 0 && this.#number === 1;
      if (!isZero && !(await this.#matches(from))) return false;
      if (isZero) {
        if (!(await this.#matches(to as Address))) this.#ranges.set(command, Infinity);
        return true;
      }
      const end = this.#endLine(to);
      if (end > this.#number) this.#ranges.set(command, end);
      return true;
    }
    if (until !== Infinity) {
      if (this.#number >= until) this.#ranges.delete(command);
      return this.#number <= until || this.#matches(from);
    }
    if (await this.#matches(to as Address)) this.#ranges.delete(command);
    return true;
  }

  /** The line at which a range that begins here ends; Infinity: where its address matches. */
  #endLine(to: RangeEnd): number {
    switch (to.type) {
      case 'line':
        return to.line;
      case 'after':
        return this.#number + to.count;
      case 'multiple':
        return to.of <= 0 ? this.#number : Math.ceil(this.#number / to.of) * to.of;
      default:
        return Infinity;
    }
  }

  async #matches(address: Address): Promise<boolean> {
    switch (address.type) {
      case 'line':
        return this.#number === address.line;
      case 'last':
        return this.#isLast();
      case 'step':
        return address.step <= 0
          ? this.#number === address.first
          : this.#number >= address.first && (this.#number - address.first) % address.step === 0;
      case 'pattern':
        return (await this.#find(address.pattern, 0)) !== undefined;
    }
  }

  async #find(pattern: SedPattern | undefined, from: number) {
    const matcher = pattern === undefined ? this.#lastMatcher : this.#matcher(pattern);
    if (matcher === undefined) return undefined;
    this.#lastMatcher = matcher;
    const wait = matcher.prepare(this.#space);
    if (wait !== undefined) await wait;
    return matcher.find(this.#space, from);
  }

  async #substitute({ pattern, replacement, flags }: SedCommand): Promise<void> {
    const { global, print, occurrence, file } = flags!;
    const text = this.#space;
    let result = '';
    let done = 0;
    let count = 0;
    let replaced = false;
    let lastEnd = -1;
    for (let at = 0; at <= text.length;) {
      const found = await this.#find(pattern, at);
      if (found === undefined) break;
      const isEmpty = found.end === found.start;
      // An empty match right behind another match is none.
      if (isEmpty && found.start === lastEnd) {
        at = found.start + 1;
        continue;
      }
      count++;
      lastEnd = found.end;
      if (count >= occurrence) {
        result += text.slice(done, found.start) + expand(replacement!, found.groups);
        done = found.end;
        replaced = true;
        if (!global) break;
      }
      at = isEmpty ? found.end + 1 : found.end;
    }
    if (!replaced) return;
    this.#space = result + text.slice(done);
    this.#substituted = true;
    if (print) await this.#print(this.#space);
    if (file !== undefined) this.#write(file, `${this.#space}\n`);
  }
}

function patternOf(address: Address | RangeEnd | undefined): SedPattern | undefined {
  return address?.type === 'pattern' ? address.pattern : undefined;
}
