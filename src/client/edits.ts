import { del, get, set } from 'idb-keyval';

/** A reader's own version of a block. `original` tells whether the note changed since. */
interface KeptEdit {
  readonly original: string;
  readonly code: string;
}

/** Where the reader's edits of one page are kept: in the browser, by block and original text. */
export class Edits {
  readonly #page: string;

  /** `page` is the page's path. */
  constructor(page: string) {
    this.#page = page;
  }

  /** What the reader left of a block; `outdated` if the note's own text changed since. */
  async load(block: string, original: string): Promise<{ code: string; outdated: boolean } | undefined> {
    const kept = await quietly(() => get<KeptEdit>(this.#key(block)));
    return kept === undefined ? undefined : { code: kept.code, outdated: kept.original !== hash(original) };
  }

  async keep(block: string, original: string, code: string): Promise<void> {
    if (code === original) return this.drop(block);
    await quietly(() => set(this.#key(block), { original: hash(original), code } satisfies KeptEdit));
  }

  async drop(block: string): Promise<void> {
    await quietly(() => del(this.#key(block)));
  }

  #key(block: string): string {
    return `edit:${this.#page}#${block}`;
  }
}

/** A browser may refuse storage (private windows): the page works without. */
async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

/** FNV-1a, enough to tell two versions of a text apart. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return (value >>> 0).toString(16);
}
