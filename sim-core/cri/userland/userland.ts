import type { ProgramEnvironment, ProgramLookup } from '../../node/program.ts';

/** The family of small tools that an image brings along. */
export type Userland = 'busybox' | 'debian';

/** A program that each family has: what it says of what goes wrong is that family's. */
export type Tool = (environment: ProgramEnvironment, family: Userland) => Promise<number>;

const words = (text: string) => text.trim().split(/\s+/);

const COMMON =
  words(`[ awk base64 basename cat chmod cp cut date dd dirname echo egrep env false find grep head
  hostname id ln ls mkdir mv nl nproc printenv printf pwd readlink rev rm rmdir sed seq sh sleep sort stat sync tac tail tar tee
  test touch tr true uname uniq wc whoami xargs yes`);

const TOOLS: Readonly<Record<Userland, ReadonlySet<string>>> = {
  busybox: new Set([...COMMON, ...words('ash clear free kill nc nslookup ping ps wget')]),
  debian: new Set([...COMMON, 'bash', 'dash']),
};

/** Where tools lie. */
const BIN = /^(?:\/usr(?:\/local)?)?\/s?bin\//;

/**
 * The tools of an image by the names of their executables; `extra` names more of them than the family
 * has, `own` is asked first. What tools do is fetched when one runs.
 */
export function userlandOf(
  family: Userland,
  extra: readonly string[] = [],
  own: ProgramLookup = () => undefined,
): ProgramLookup {
  const find: ProgramLookup = (executable) => {
    const program = own(executable);
    if (program !== undefined) return program;
    const name = executable.replace(BIN, '');
    if (!TOOLS[family].has(name) && !extra.includes(name)) return undefined;
    return async (environment) => {
      const { runTool } = await environment.clock.outside(import('./tools.ts'));
      return runTool(name, family, find, environment);
    };
  };
  return find;
}
