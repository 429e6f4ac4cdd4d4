import type { LabSpec, OutputChunk, RunResult } from '../worker/protocol.ts';
import type { BlockData } from './block.ts';

/**
 * static: what the build computed · waiting: its turn comes · running · done · failed: the lab itself
 * failed · stale: something above ran again since.
 */
type Phase = 'static' | 'waiting' | 'running' | 'done' | 'failed' | 'stale';

export interface BlockState {
  readonly code: string;
  readonly phase: Phase;
  readonly result: RunResult;
  /** The code that gave it. */
  readonly source: string;
  /** It runs, but its cluster is not there yet. */
  readonly preparing: boolean;
  /** Output that came while the block runs. */
  readonly live: readonly OutputChunk[];
  /** Real milliseconds that the last run took. */
  readonly elapsed: number;
  /** How many blocks above it the last run had to run first. */
  readonly ranBefore: number;
  /** Why the lab itself failed. */
  readonly failure: string;
  /** The reader's kept code, when the note's own text changed under it. */
  readonly outdated: string | undefined;
}

export interface Cell {
  readonly data: BlockData;
  readonly original: string;
  readonly lab: LabSpec;
  state: BlockState;
  /** Whether it ran in the lab as it is now. */
  ran: boolean;
}

/** How all cells stood at some moment, but for their code. */
export type CellsSnapshot = ReadonlyMap<string, readonly [state: BlockState, ran: boolean]>;

/** The live blocks of a page, by id: cells in the order of the page. */
export class Cells {
  readonly #page: LabSpec;
  readonly #cells = new Map<string, Cell>();

  /** `page` is the lab of those that are not isolated. */
  constructor(page: LabSpec) {
    this.#page = page;
  }

  has(id: string): boolean {
    return this.#cells.has(id);
  }

  /** Throws if there is no such block. */
  get(id: string): Cell {
    const cell = this.#cells.get(id);
    if (cell === undefined) throw new Error(`no live block ${JSON.stringify(id)} on this page`);
    return cell;
  }

  add(data: BlockData, code: string): void {
    const { id, shape, seed, isolated, result } = data;
    this.#cells.set(id, {
      data,
      original: code,
      lab: isolated ? { id, shape, seed } : this.#page,
      state: {
        ...{
          code,
          source: code,
          phase: 'static',
          preparing: false,
          result,
          live: [],
          elapsed: 0,
          ranBefore: 0,
          failure: '',
        },
        outdated: undefined,
      },
      ran: false,
    });
  }

  update(id: string, change: Partial<BlockState>): void {
    const cell = this.get(id);
    cell.state = { ...cell.state, ...change };
  }

  all(): readonly Cell[] {
    return [...this.#cells.values()];
  }

  /** Those that share the page's cluster, in order. */
  shared(): readonly Cell[] {
    return this.all()
      .filter(({ data }) => !data.isolated)
      .sort((a, b) => a.data.index - b.data.index);
  }

  /** The blocks that run first when `id` is run. */
  pendingBefore(id: string): readonly string[] {
    const { data } = this.get(id);
    if (data.isolated) return [];
    return this.shared()
      .filter((cell) => !cell.ran && cell.data.index < data.index)
      .map((cell) => cell.data.id);
  }

  /** A block ran: what stands below it is of before. */
  staleAfter(index: number): void {
    for (const { data, state } of this.shared()) {
      if (data.index > index && state.phase === 'done') this.update(data.id, { phase: 'stale' });
    }
  }

  /** Back to what the build computed. */
  clear(id: string): void {
    const { data, original } = this.get(id);
    this.update(id, { phase: 'static', result: data.result, source: original, live: [], failure: '' });
  }

  /** The lab stands elsewhere now: of the shared cells, `shown` keep their results, `ran` count as run. */
  reset(ran: ReadonlySet<string>, shown: ReadonlySet<string>): void {
    for (const cell of this.shared()) {
      cell.ran = ran.has(cell.data.id);
      if (!shown.has(cell.data.id)) this.clear(cell.data.id);
    }
  }

  snapshot(): CellsSnapshot {
    return new Map([...this.#cells].map(([id, { state, ran }]) => [id, [state, ran]]));
  }

  restore(snapshot: CellsSnapshot): void {
    for (const [id, [state, ran]] of snapshot) {
      const cell = this.get(id);
      cell.ran = ran;
      cell.state = { ...state, code: cell.state.code };
    }
  }
}
