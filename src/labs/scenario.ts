/** 진단, 복구, 부작용 없음. */
export type Part = 'diagnosis' | 'repair' | 'side-effects';

/** What the parts of every lab are worth, in the order in which they are shown. */
export const PART_POINTS: Readonly<Record<Part, number>> = { diagnosis: 30, repair: 50, 'side-effects': 20 };

/** With so many points a lab is passed. */
export const PASS_POINTS = 70;

/** A way to break a cluster, and what a mended one is. Texts are Korean; `what stands so` is code. */
export interface Scenario {
  /**
   * Lines of a root shell on controlplane, run before the reader comes: what breaks the cluster, and the time until that
   * shows.
   */
  readonly breaks: readonly string[];
  readonly goal: string;
  /** From the first look to all but the answer. */
  readonly hints: readonly string[];
  /** Their points add up to {@link PART_POINTS}. */
  readonly checks: readonly Check[];
  /** Lines of the terminal that bring all points. */
  readonly solution: readonly string[];
}

/** Something that is so in a cluster that is mended, however the reader came there. */
export interface Check {
  readonly part: Part;
  readonly points: number;
  /** What is looked at: "kube-apiserver가 20초 동안 준비 상태를 지킨다". */
  readonly what: string;
  /** Why the points are lost; undefined: they are not. */
  find(cluster: GradedCluster): Promise<string | undefined>;
}

/** A copy of the reader's cluster, which time may pass in. `machine` is controlplane unless it is said. */
export interface GradedCluster {
  /** Lets so many simulated seconds pass. */
  pass(seconds: number): Promise<void>;
  /** Asks the kube-apiserver, as a member of system:masters; undefined if it does not answer. */
  request(method: string, path: string, body?: unknown): Promise<Answer | undefined>;
  /** The object under a key of etcd, which is there while the kube-apiserver is not. */
  stored<T>(key: string): Promise<T | undefined>;
  /** The text of a file; undefined if there is none. */
  read(path: string, machine?: string): string | undefined;
  /** What a file holds that etcd can be restored from; undefined if there is no such file, or it is damaged. */
  snapshot(path: string): Pick<GradedCluster, 'stored'> | undefined;
  /** Names in a directory, those that begin with a dot included; none if there is no such directory. */
  list(directory: string, machine?: string): readonly string[];
  /** The processes that run a program, whatever directory it lies in. */
  processes(program: string, machine?: string): readonly RunningProcess[];
  /** A unit of systemd; undefined if there is none. */
  unit(name: string, machine?: string): { readonly active: boolean; readonly enabled: boolean } | undefined;
  /** Runs a line in the reader's shell, or in one that is opened now. Gives its exit code. */
  run(line: string, shell: 'own' | 'new'): Promise<number>;
  /** The cluster as it was when the lab began. */
  beginning(): Promise<Pick<GradedCluster, 'read' | 'list' | 'stored' | 'snapshot'>>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface RunningProcess {
  readonly pid: number;
  /** argv. */
  readonly command: readonly string[];
}

/**
 * The scenario that the cluster of a page is broken by: that of the page's name, of a page of labs; by the page's path
 * or by its file's.
 */
export function scenarioOf(path: string): string | undefined {
  const name = /\/cka\/labs\/([a-z0-9-]+)(?:\/|\.mdx)?$/.exec(path)?.[1];
  return name === 'index' ? undefined : name;
}
