import { relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { BlockData } from '../client/block.ts';
import { shownActivity } from '../client/block.ts';
import { tracePodCreation } from '../client/pod-creation.ts';
import { bootedCluster } from '../plugins/checkpoints.ts';
import { scenarioOf } from '../labs/scenario.ts';
import type { LabHost } from '../worker/lab.ts';
import { Lab } from '../worker/lab.ts';
import type { LabSpec, RunResult } from '../worker/protocol.ts';
import { LAB_SEED } from '../worker/protocol.ts';
import { createCluster } from '../worker/simulator.ts';
import type { FenceMeta } from './fence-meta.ts';
import { parseFenceMeta } from './fence-meta.ts';

/** The parts of a Markdown tree that this plugin looks at. */
interface MarkdownNode {
  readonly type: string;
  readonly name?: string;
  readonly lang?: string | null;
  readonly meta?: string | null;
  readonly value?: string;
  readonly depth?: number;
  readonly ordered?: boolean | null;
  readonly start?: number | null;
  readonly children?: MarkdownNode[];
  readonly position?: { readonly start: { readonly line: number } };
  attributes?: { type: 'mdxJsxAttribute'; name: string; value: string }[];
  data?: { id?: string; hProperties?: Record<string, unknown> };
}
interface MarkdownFile {
  readonly path: string;
}

/** Simulated milliseconds after which the last pod of a page runs. */
const POD_CREATION_TIME = 5000;

const HOST: LabHost = {
  createCluster: async (config) =>
    createCluster({
      ...config,
      ...(config.shape !== 'apiserver' && { checkpoint: await bootedCluster(config.shape) }),
    }),
  settle: () => new Promise((resolve) => setImmediate(resolve)),
  realTime: () => performance.now(),
};

/**
 * A remark plugin: runs every live block of a page on the simulator, in order, one cluster a page,
 * and hands what came out to the block's component, so that it is in the served page.
 * Fails the build, naming file and line, if a block cannot be run.
 */
export function liveBlocks(): (tree: MarkdownNode, file: MarkdownFile) => Promise<void> {
  return async (tree, file) => {
    const page = new Page(HOST, scenarioOf(file.path));
    for (const node of walk(tree)) {
      try {
        await page.visit(node);
      } catch (error) {
        const place = `${relative(process.cwd(), file.path)}:${node.position?.start.line ?? 1}`;
        throw new Error(
          `${place}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          {
            cause: error,
          },
        );
      }
    }
  };
}

/** The walk through one page: its lab, the heading it is under, the lists seen since. */
class Page {
  readonly #host: LabHost;
  readonly #spec: LabSpec;
  readonly #ids = new Map<string, number>();
  #lab: Lab | undefined;
  #heading = 'block';
  #index = 0;
  #sentences: string[] = [];

  constructor(host: LabHost, scenario: string | undefined) {
    this.#host = host;
    this.#spec = {
      ...{ id: 'page', shape: 'kubeadm', seed: LAB_SEED },
      ...(scenario !== undefined && { scenario }),
    };
  }

  async visit(node: MarkdownNode): Promise<void> {
    if (node.type === 'heading') {
      this.#heading = node.data?.id ?? String(node.data?.hProperties?.['id'] ?? this.#heading);
      this.#sentences = [];
    } else if (node.type === 'list' && node.ordered === true) {
      for (const [index, item] of (node.children ?? []).entries()) {
        this.#sentences[(node.start ?? 1) - 1 + index] = textOf(item).trim();
      }
    } else if (node.type === 'mdxJsxFlowElement' && node.name === 'PodCreation') {
      await this.#describePodCreation(node);
    } else if (node.type === 'code') {
      const meta = parseFenceMeta(node.lang ?? '', node.meta ?? '');
      if (meta !== undefined) await this.#runBlock(node, meta);
    }
  }

  async #runBlock(node: MarkdownNode, meta: FenceMeta): Promise<void> {
    const { kind, title, isolated, shape, user } = meta;
    const id = meta.id ?? this.#nameBlock();
    const lab = isolated
      ? await Lab.open(this.#host, { id, shape, seed: LAB_SEED })
      : (this.#lab ??= await Lab.open(this.#host, this.#spec));
    const result: RunResult = await lab.run({ id, kind, code: node.value ?? '', user });
    const data: BlockData = {
      ...{ id, index: this.#index++, kind, title, isolated, shape, user, seed: LAB_SEED },
      result: { ...result, activity: shownActivity(result.activity) },
    };
    node.data = { ...node.data, hProperties: { ...node.data?.hProperties, liveBlock: JSON.stringify(data) } };
  }

  #nameBlock(): string {
    const count = (this.#ids.get(this.#heading) ?? 0) + 1;
    this.#ids.set(this.#heading, count);
    return `${this.#heading}-${count}`;
  }

  /**
   * Gives the component the note's own sentences and what the trace says of them. Time passes first,
   * as it does for a reader: the scheduler and the kubelet come after the answer to the request.
   */
  async #describePodCreation(node: MarkdownNode): Promise<void> {
    if (this.#sentences.length === 0)
      throw new Error('<PodCreation /> follows the ordered list that it illustrates');
    await this.#lab?.advance(POD_CREATION_TIME);
    const creation = tracePodCreation(this.#lab?.trace ?? []);
    node.attributes = [
      ...(node.attributes ?? []),
      { type: 'mdxJsxAttribute', name: 'sentences', value: JSON.stringify(this.#sentences) },
      ...(creation === undefined
        ? []
        : [{ type: 'mdxJsxAttribute' as const, name: 'prerendered', value: JSON.stringify(creation) }]),
    ];
  }
}

function* walk(node: MarkdownNode): Generator<MarkdownNode> {
  yield node;
  for (const child of node.children ?? []) yield* walk(child);
}

function textOf(node: MarkdownNode): string {
  return node.value ?? (node.children ?? []).map(textOf).join('');
}
