import { findScenario } from '../labs/index.ts';
import type { Check, GradedCluster, Part } from '../labs/scenario.ts';
import { PART_POINTS, PASS_POINTS } from '../labs/scenario.ts';
import { Lab } from './lab.ts';
import type { Grade, GradedCheck } from './protocol.ts';
import type { Machine } from './simulator.ts';
import { snapshotValues } from './simulator.ts';

/** How much simulated time one request or one line of a check may take. */
const LIMIT = 60_000;
/** A member of system:masters: what the reader does to RBAC does not shut the checks out. */
const GRADER = 'kubernetes-super-admin';
/** Nobody has mended what is not mended: there is nothing yet that could have suffered by it. */
const NOT_MENDED = '아직 복구되지 않았다. 부작용은 복구한 다음에 센다.';

/**
 * Looks at what the checks of the lab's scenario say, on a copy of the lab. Rejects if the lab has no scenario, or if a
 * check cannot be made.
 */
export async function grade(lab: Lab): Promise<Grade> {
  const { scenario } = lab.spec;
  if (scenario === undefined) throw new Error('nothing in this lab is graded');
  const { checks } = findScenario(scenario);
  const copy = await fork(lab);
  const cluster = new CopiedCluster(copy, lab);
  try {
    const graded = new Map<Check, GradedCheck>();
    // What is being mended may still be on its way: by the time that is known, the rest has come to its end as well.
    for (const check of checks.filter(({ part }) => part === 'repair'))
      graded.set(check, await look(check, cluster));
    const mended = [...graded.values()].every(({ lost }) => lost === undefined);
    for (const check of checks) {
      if (check.part === 'diagnosis') graded.set(check, await look(check, cluster));
      else if (check.part === 'side-effects')
        graded.set(check, mended ? await look(check, cluster) : lose(check, NOT_MENDED));
    }
    const parts = Object.keys(PART_POINTS) as Part[];
    const inOrder = parts.flatMap((part) =>
      checks.filter((check) => check.part === part).map((check) => graded.get(check)!),
    );
    const earned = inOrder.reduce((sum, check) => sum + check.earned, 0);
    return { earned, passed: earned >= PASS_POINTS, checks: inOrder };
  } finally {
    copy.close();
    await cluster.close();
  }
}

/** The same lab once more, at the same instant: what is done with it changes nothing in the first. */
export async function fork(lab: Lab): Promise<Lab> {
  const copy = await Lab.open(lab.host, lab.spec, lab.log);
  const passed = lab.status.time - copy.status.time;
  if (passed > 0) await copy.advance(passed);
  return copy;
}

async function look(check: Check, cluster: GradedCluster): Promise<GradedCheck> {
  const lost = await check.find(cluster);
  const { part, points, what } = check;
  return lost === undefined ? { part, points, earned: points, what } : lose(check, lost);
}

function lose({ part, points, what }: Check, lost: string): GradedCheck {
  return { part, points, earned: 0, what, lost };
}

/** The files, processes, objects and shells of a lab that is a copy. */
class CopiedCluster implements GradedCluster {
  readonly #copy: Lab;
  readonly #original: Lab;
  #beginning: Promise<Lab> | undefined;

  constructor(copy: Lab, original: Lab) {
    this.#copy = copy;
    this.#original = original;
  }

  async close(): Promise<void> {
    (await this.#beginning)?.close();
  }

  async pass(seconds: number): Promise<void> {
    await this.#copy.advance(seconds * 1000);
  }

  async request(method: string, path: string, body?: unknown): ReturnType<GradedCluster['request']> {
    const { cluster } = this.#copy;
    const { certificate } = cluster.credentials.get(GRADER) ?? {};
    const sent = cluster.request({
      ...{ method, path, body: body === undefined ? '' : JSON.stringify(body) },
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      ...(certificate !== undefined && { certificate }),
    });
    try {
      const answered = await cluster.clock.until(sent, LIMIT);
      return typeof answered.body === 'string' ? { status: answered.status, body: answered.body } : undefined;
    } catch (error) {
      if (error instanceof Error && error.name === 'ConnectionError') return undefined;
      throw error;
    }
  }

  async stored<T>(key: string): Promise<T | undefined> {
    const { kvs } = await this.#copy.cluster.etcd.get({ key });
    return kvs[0] && (JSON.parse(kvs[0].value) as T);
  }

  read(path: string, machine?: string): string | undefined {
    const { files } = this.#machine(machine);
    return files.exists(path) && files.stat(files.realPath(path)).type === 'file'
      ? files.read(path)
      : undefined;
  }

  snapshot(path: string): ReturnType<GradedCluster['snapshot']> {
    const text = this.read(path);
    if (text === undefined) return undefined;
    try {
      const values = snapshotValues(text);
      return {
        stored: async <T>(key: string) => {
          const value = values.get(key);
          return value === undefined ? undefined : (JSON.parse(value) as T);
        },
      };
    } catch {
      // It is not for a check to say what etcdutl says of it.
      return undefined;
    }
  }

  list(directory: string, machine?: string): readonly string[] {
    const { files } = this.#machine(machine);
    return files.exists(directory) ? files.list(directory) : [];
  }

  processes(program: string, machine?: string): ReturnType<GradedCluster['processes']> {
    return this.#machine(machine)
      .processes.list()
      .filter(({ command }) => command[0]?.split('/').at(-1) === program);
  }

  unit(name: string, machine?: string): ReturnType<GradedCluster['unit']> {
    const found = this.#machine(machine)
      .services.list()
      .find(({ unit }) => unit.name === `${name}.service`);
    return found && { active: found.state === 'active', enabled: found.enabled };
  }

  async run(line: string, shell: 'own' | 'new'): Promise<number> {
    const { cluster, shell: own } = this.#copy;
    const work = (shell === 'own' ? own : cluster.openShell()).run(line);
    return (await cluster.clock.until(work, LIMIT)).exit;
  }

  async beginning(): ReturnType<GradedCluster['beginning']> {
    this.#beginning ??= Lab.open(this.#original.host, this.#original.spec);
    return new CopiedCluster(await this.#beginning, this.#original);
  }

  #machine(name = 'controlplane'): Machine {
    const machine = this.#copy.cluster.machines.get(name);
    if (machine === undefined) throw new Error(`no machine is called ${name}`);
    return machine;
  }
}
