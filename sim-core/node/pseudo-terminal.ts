import type { ControllingTerminal, InputStream, TerminalSignal } from './program.ts';
import { TerminalInput } from './terminal-input.ts';

const SIGNALS: Readonly<Record<string, TerminalSignal>> = { '\x03': 'INT', '\x1c': 'QUIT' };
const END_OF_FILE = '\x04';
/** Our processes cannot be stopped: the key is shown and does no more. */
const SUSPEND = '\x1a';
const ERASE = '\x7f\b';
const WORD_ERASE = '\x17';
const KILL = '\x15';
/** Hangul, kana and Chinese characters take two columns. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/;

/**
 * A pair of a terminal's ends: what a client types at the one is read line by line at the other, and comes back
 * to the client as if a screen showed it. Keys that signal do so at once, whoever reads.
 *
 *     client types  l s ⌫ s ⏎ ^C        programs read  "ls\n"
 *     client sees   l s \b \b s \r\n ^C  the foreground gets INT
 *
 * Models drivers/tty/n_tty.c as a new terminal is set: ICRNL, ICANON, ISIG, ECHO, ECHOE, ECHOCTL, OPOST, ONLCR.
 */
export class PseudoTerminal implements ControllingTerminal {
  readonly #show: (text: string) => void;
  readonly #lines = new TerminalInput();
  readonly #foreground: ((signal: TerminalSignal) => void)[] = [];
  #line: string[] = [];
  #hungUp = false;
  /** What of the keys is to be shown yet. */
  #echo = '';

  /** `show` is told what the client's screen gets. */
  constructor(show: (text: string) => void) {
    this.#show = show;
  }

  /** What programs read: a line a time. The end of file is one for one read, until the client has hung up. */
  readonly input: InputStream = {
    isTerminal: true,
    read: () => (this.#hungUp && !this.#lines.typedAhead ? Promise.resolve(undefined) : this.#lines.read()),
  };

  /** What a program writes. */
  write(text: string): void {
    this.#show(text.replaceAll('\n', '\r\n'));
  }

  /** Takes keys: any number of characters, control characters among them. */
  type(keys: string): void {
    for (const key of keys) this.#type(key === '\r' ? '\n' : key);
    this.#flush();
  }

  /** The client's screen has another size. */
  resize(): void {
    this.#foreground.at(-1)?.('WINCH');
  }

  /** The client is gone: nothing more will come. */
  hangUp(): void {
    this.#hungUp = true;
    this.#lines.type(undefined);
  }

  takeForeground(listener: (signal: TerminalSignal) => void): () => void {
    this.#foreground.push(listener);
    return () => {
      const index = this.#foreground.lastIndexOf(listener);
      if (index >= 0) this.#foreground.splice(index, 1);
    };
  }

  #type(key: string): void {
    const signal = SIGNALS[key];
    if (signal !== undefined) {
      this.#line = [];
      this.#lines.takeUnread();
      this.#echo += shown(key);
      this.#flush();
      this.#foreground.at(-1)?.(signal);
    } else if (key === '\n') this.#enter('\n');
    else if (key === END_OF_FILE) this.#enter('');
    else if (key === SUSPEND) this.#echo += shown(key);
    else if (ERASE.includes(key)) this.#erase(1);
    else if (key === KILL) this.#erase(this.#line.length);
    else if (key === WORD_ERASE) this.#erase(/\S*\s*$/.exec(this.#line.join(''))![0].length);
    else {
      this.#line.push(key);
      this.#echo += shown(key);
    }
  }

  #flush(): void {
    const text = this.#echo;
    this.#echo = '';
    if (text !== '') this.#show(text);
  }

  #enter(end: '\n' | ''): void {
    const text = this.#line.join('') + end;
    this.#line = [];
    if (end !== '') this.#echo += '\r\n';
    this.#flush();
    this.#lines.type(text === '' ? undefined : text);
  }

  #erase(count: number): void {
    for (let left = count; left > 0 && this.#line.length > 0; left--) {
      const key = this.#line.pop()!;
      const columns = WIDE.test(key) ? 2 : shown(key).length;
      this.#echo += '\b'.repeat(columns) + ' '.repeat(columns) + '\b'.repeat(columns);
    }
  }
}

/** "^C" for a control character, what it is for any other. */
function shown(key: string): string {
  const code = key.codePointAt(0)!;
  return code < 32 && key !== '\t' ? `^${String.fromCharCode(code + 64)}` : key;
}
