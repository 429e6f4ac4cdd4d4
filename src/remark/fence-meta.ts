import type { BlockKind, ClusterShape } from '../worker/protocol.ts';

/** What the words after the language of a live fence say. */
export interface FenceMeta {
  readonly kind: BlockKind;
  readonly title: string;
  /** A name of the author's for the block; else one is made from the heading. */
  readonly id?: string;
  /** The block has a cluster of its own. */
  readonly isolated: boolean;
  readonly shape: ClusterShape;
  readonly user: string;
}

const KINDS: Readonly<Record<string, BlockKind>> = {
  bash: 'bash',
  sh: 'bash',
  shell: 'bash',
  http: 'http',
  yaml: 'yaml',
  yml: 'yaml',
  ts: 'ts',
  typescript: 'ts',
};
/** The shapes of clusters, and who administers them as their kubeconfig calls it. */
const ADMINISTRATORS: Readonly<Record<ClusterShape, string>> = {
  kubeadm: 'kubernetes-admin',
  manual: 'admin',
  apiserver: 'kubernetes-admin',
};
const SHAPES = Object.keys(ADMINISTRATORS) as ClusterShape[];
const WORDS = /([A-Za-z]+)(?:=(?:"([^"]*)"|(\S+)))?(?:\s+|$)/gy;

/**
 * Reads a fence such as ```` ```bash live isolated cluster=manual title="…" ````.
 * Gives undefined for a fence that is not live; throws for words that mean nothing.
 */
export function parseFenceMeta(language: string, meta: string): FenceMeta | undefined {
  if (!/(^|\s)live(\s|$)/.test(meta)) return undefined;
  const kind = KINDS[language];
  if (kind === undefined) {
    throw new Error(
      `a live block is one of ${Object.keys(KINDS).join(', ')}, not ${JSON.stringify(language)}`,
    );
  }
  const values: Record<string, string> = {};
  let read = 0;
  for (const match of meta.matchAll(WORDS)) {
    values[match[1]!] = match[2] ?? match[3] ?? '';
    read = match.index + match[0].length;
  }
  const { live: _live, isolated, cluster = 'kubeadm', title = '', id, user, ...rest } = values;
  const unknown = Object.keys(rest)[0] ?? meta.slice(read).trim();
  if (unknown !== '')
    throw new Error(`a live block knows no ${JSON.stringify(unknown)} (in ${JSON.stringify(meta)})`);
  const shape = SHAPES.find((name) => name === cluster);
  if (shape === undefined)
    throw new Error(`cluster is one of ${SHAPES.join(', ')}, not ${JSON.stringify(cluster)}`);
  if (shape !== 'kubeadm' && isolated === undefined) {
    throw new Error(`a block with cluster=${shape} needs "isolated": the page's own cluster is kubeadm's`);
  }
  return {
    kind,
    title,
    ...(id !== undefined && { id }),
    isolated: isolated !== undefined,
    shape,
    user: user ?? ADMINISTRATORS[shape],
  };
}
