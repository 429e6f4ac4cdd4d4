import { del, entries, get, set } from 'idb-keyval';
import { parseEntries } from './command-log.ts';
import type { LogEntry } from '../worker/protocol.ts';
import type { Timeline } from './timeline.ts';

/** What one tab left of one page's lab. */
interface Record {
  readonly v: 1;
  readonly seed: number;
  readonly savedAt: number;
  readonly entries: readonly LogEntry[];
  readonly position: number;
  /** Logs that forks left behind; older records have none. */
  readonly forks?: readonly (readonly LogEntry[])[];
}

/** How many tabs' labs of a page are kept. */
const KEPT = 5;

/** The part of the browser's storage that is used; idb-keyval's in the page. */
export interface Storage {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  entries(): Promise<readonly (readonly [IDBValidKey, unknown])[]>;
}

const BROWSER_STORAGE: Storage = {
  get: (key) => get<unknown>(key),
  set,
  delete: del,
  entries: () => entries(),
};

/**
 * Keeps a page's command log over reloads. Every tab writes under a key of its own, so that two tabs
 * do not destroy each other's; a new tab goes on from what was saved last.
 */
export class KeptLab {
  readonly #prefix: string;
  readonly #seed: number;
  readonly #storage: Storage;
  readonly #tab: () => Promise<string>;
  #writing: Promise<void> = Promise.resolve();

  constructor(page: string, seed: number, tab: () => Promise<string>, storage: Storage = BROWSER_STORAGE) {
    this.#prefix = `log:${page}#`;
    this.#seed = seed;
    this.#storage = storage;
    this.#tab = tab;
  }

  /** This tab's own log, or the newest one of the page; undefined if there is none that can be read. */
  async load(): Promise<Timeline | undefined> {
    return quietly(async () => {
      const own = await this.#storage.get(await this.#key());
      const records = own === undefined ? (await this.#all()).map(({ record }) => record) : [own as Record];
      for (const record of records) {
        const timeline = this.#read(record);
        if (timeline !== undefined) return timeline;
      }
      return undefined;
    });
  }

  /** Writes in the order of the calls. */
  save(timeline: Timeline, savedAt: number): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      await quietly(async () => {
        const key = await this.#key();
        const { entries, position, forks } = timeline;
        if (entries.length === 0 && forks.length === 0) return this.#storage.delete(key);
        const record: Record = { v: 1, seed: this.#seed, savedAt, entries, position, forks };
        await this.#storage.set(key, record);
        for (const old of (await this.#all()).slice(KEPT)) {
          if (old.key !== key) await this.#storage.delete(old.key);
        }
      });
    });
    return this.#writing;
  }

  async #key(): Promise<string> {
    return this.#prefix + (await this.#tab());
  }

  /** The page's records, newest first. */
  async #all(): Promise<{ key: string; record: Record }[]> {
    const all = await this.#storage.entries();
    return all
      .filter(([key]) => typeof key === 'string' && key.startsWith(this.#prefix))
      .map(([key, record]) => ({ key: key as string, record: record as Record }))
      .sort((a, b) => b.record.savedAt - a.record.savedAt);
  }

  #read({ v, seed, entries, position, forks = [] }: Record): Timeline | undefined {
    if (v !== 1 || seed !== this.#seed || !Array.isArray(entries)) return undefined;
    try {
      const parsed = parseEntries(entries);
      return { entries: parsed, position: Math.min(position, parsed.length), forks: forks.map(parseEntries) };
    } catch {
      return undefined;
    }
  }
}

/**
 * A name for this tab that a reload keeps. A duplicated tab has the same session storage: whoever holds the
 * lock has the name, the other gets a new one.
 */
export async function claimTab(newName: () => string = () => crypto.randomUUID()): Promise<string> {
  const key = 'lab-tab';
  for (let name = readSession(key) ?? newName(); ; name = newName()) {
    if (await claim(`${key}:${name}`)) {
      writeSession(key, name);
      return name;
    }
  }
}

/** Takes a lock for as long as the tab lives. Browsers without locks have one tab as far as we know. */
function claim(name: string): Promise<boolean> {
  if (!('locks' in navigator)) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<void>(() => {});
      })
      .catch(() => resolve(true));
  });
}

function readSession(key: string): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function writeSession(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // A browser may refuse storage: the tab is then a new one after each reload.
  }
}

async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
