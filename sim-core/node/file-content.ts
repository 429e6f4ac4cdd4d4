import { isEscape } from '../crypto/encoding/byte-text.ts';
/** How a program writes a kind of file out, and how it reads it back. */
export interface FileFormat<T> {
  /** May throw: the reader hears of it. */
  parse(text: string): T;
  print(value: T): string;
  /** Bytes of the file, where that can be known without printing it. */
  size?(value: T): number;
  /** The value goes on changing under the file, so that each reading prints it anew. */
  readonly live?: boolean;
  /** How a value comes through a checkpoint; missing: as any text. */
  readonly saved?: SavedForm<T>;
}

interface SavedForm<T> {
  readonly name: string;
  /** Missing: what {@link FileFormat.print} says. */
  save?(value: T): string;
  /** From what was saved: this simulator's own words, which need no second look. */
  restore(text: string): T;
}

/** A file's content in a checkpoint: its text, or the name of its form and what that saved. */
export type SavedContent = string | { readonly form: string; readonly text: string };

/** Formats of any kind, to find one by the name of its saved form. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the value stays with its format
export type AnyFormat = FileFormat<any>;

/**
 * What a file holds: its text, or the value that it was written from. Each is made from the other when
 * somebody first asks for it, so that a certificate that nobody looks at is never signed.
 */
export class FileContent {
  readonly #source: Source;
  #text: string | undefined;
  #size: number | undefined;
  #value: { readonly format: AnyFormat; readonly value: unknown } | undefined;

  private constructor(source: Source) {
    this.#source = source;
    if (source.type !== 'value') this.#text = source.text;
    else this.#value = source;
    // What a live value will say is not what it said.
    if (source.type === 'saved' && source.format.live === true) this.#text = undefined;
  }

  static ofText(text: string): FileContent {
    return new FileContent({ type: 'text', text });
  }

  static ofValue<T>(format: FileFormat<T>, value: T): FileContent {
    return new FileContent({ type: 'value', format, value });
  }

  /** What {@link save} was asked of; `formats` are those whose values come through a checkpoint. */
  static restore(saved: SavedContent, formats: readonly AnyFormat[]): FileContent {
    if (typeof saved === 'string') return FileContent.ofText(saved);
    const format = formats.find((one) => one.saved?.name === saved.form);
    if (format === undefined) throw new Error(`no format saves itself as ${JSON.stringify(saved.form)}`);
    return new FileContent({ type: 'saved', format, text: saved.text });
  }

  save(): SavedContent {
    const own = this.#own();
    const saved = own?.format.saved;
    if (own === undefined || saved === undefined) return this.text;
    return { form: saved.name, text: saved.save?.(own.value) ?? this.text };
  }

  get text(): string {
    if (this.#text !== undefined) return this.#text;
    const { format, value } = this.#own()!;
    const text = format.print(value);
    if (format.live !== true) this.#text = text;
    return text;
  }

  /** Bytes. */
  get size(): number {
    const sizeOf = this.#source.type === 'text' ? undefined : this.#source.format.size;
    if (sizeOf !== undefined) return sizeOf(this.#own()!.value);
    const { text } = this;
    // What is said anew with each reading has each time a size of its own.
    return this.#text === undefined ? utf8Length(text) : (this.#size ??= utf8Length(text));
  }

  /** In the form of `format`; the value is shared and must not be changed. Throws what `format.parse` throws. */
  as<T>(format: FileFormat<T>): T {
    const isOwn = this.#source.type !== 'text' && this.#source.format === format;
    if (isOwn) return this.#own()!.value as T;
    if (this.#value?.format === format) return this.#value.value as T;
    const value = format.parse(this.text);
    if (this.#source.type === 'text') this.#value = { format, value };
    return value;
  }

  /** What it was written from; undefined for a text. */
  #own(): { readonly format: AnyFormat; readonly value: unknown } | undefined {
    const source = this.#source;
    if (source.type === 'text') return undefined;
    if (source.type === 'saved')
      this.#value ??= { format: source.format, value: source.format.saved!.restore(source.text) };
    return this.#value;
  }
}

/** Where a content came from. */
type Source =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'value'; readonly format: AnyFormat; readonly value: unknown }
  | { readonly type: 'saved'; readonly format: AnyFormat; readonly text: string };

export function utf8Length(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at)!;
    if (code >= 0x10000) at++;
    length += code < 0x80 || isEscape(code) ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
