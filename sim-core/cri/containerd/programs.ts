import type { Program, ProgramEnvironment, ProgramLookup } from '../../node/program.ts';

/** How long a server takes from SIGTERM to its end. */
const SHUTDOWN_MS = 150;

/** A daemon that serves until it is told to stop. */
export const server: Program = async ({ clock, terminated, killed }) => {
  await cancelled(terminated);
  await clock.sleep(SHUTDOWN_MS, { context: killed });
  return 0;
};

/** Resolves when `context` is cancelled. */
export function cancelled(context: ProgramEnvironment['terminated']): Promise<void> {
  return new Promise((resolve) => void context.onCancel(() => resolve()));
}

/** The small programs that images with a userland have. None of them, being process 1, heeds SIGTERM. */
const UTILITIES: Readonly<Record<string, Program>> = {
  true: async () => 0,
  false: async () => 1,
  echo: async ({ argv, stdout }) => {
    stdout(`${argv.slice(1).join(' ')}\n`);
    return 0;
  },
  date: async ({ clock, stdout }) => {
    stdout(`${new Date(clock.now()).toUTCString().replace(',', '').replace('GMT', 'UTC')}\n`);
    return 0;
  },
  hostname: async ({ envs, stdout }) => {
    stdout(`${envs['HOSTNAME'] ?? ''}\n`);
    return 0;
  },
  sleep: async ({ argv, clock, killed, stderr }) => {
    const seconds = argv.slice(1).map(sleepSeconds);
    const wrong = seconds.indexOf(undefined);
    if (seconds.length === 0 || wrong >= 0) {
      stderr(
        seconds.length === 0 ? 'sleep: missing operand\n' : `sleep: invalid number '${argv[wrong + 1]}'\n`,
      );
      return 1;
    }
    const total = seconds.reduce((sum: number, value) => sum + value!, 0);
    if (total === Infinity) await cancelled(killed);
    // What waits for hours must not keep a cluster from counting as quiet.
    else await clock.sleep(total * 1000, { context: killed, periodic: total > 60 });
    return 0;
  },
  sh: shell,
  bash: shell,
  ash: shell,
};

function sleepSeconds(text: string): number | undefined {
  if (text === 'infinity' || text === 'inf') return Infinity;
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * { '': 1, s: 1, m: 60, h: 3600, d: 86400 }[match[2] as '' | 's' | 'm' | 'h' | 'd'];
}

/** The programs of an image with a userland, by the last part of the path. */
export const userland: ProgramLookup = (executable) => {
  const name = executable.replace(/^(\/usr)?\/s?bin\//, '');
  return Object.hasOwn(UTILITIES, name) ? UTILITIES[name] : undefined;
};

/** `sh`, `sh -c SCRIPT`: without a script there is no terminal to read from and it ends. */
async function shell(environment: ProgramEnvironment): Promise<number> {
  const [name = 'sh', ...args] = environment.argv;
  const flags = args.findIndex((arg) => /^-\w*c$/.test(arg));
  const script = flags < 0 ? undefined : args[flags + 1];
  if (script === undefined) return 0;
  return (await runScript(script, name, environment)).exit;
}

interface ScriptResult {
  readonly exit: number;
  /** `exit` was called: nothing after it runs. */
  readonly left: boolean;
}

/**
 * Runs the kind of script that stands in a manifest: lists with ";", "&&", "||", newlines, endless
 * loops, quoted words. Everything else is a command that is not found.
 */
async function runScript(
  script: string,
  shellName: string,
  environment: ProgramEnvironment,
): Promise<ScriptResult> {
  const loop = /^\s*while\s+(?:true|:)\s*(?:;|\n)\s*do\s([\s\S]*?)(?:;|\n)\s*done\b\s*;?([\s\S]*)$/.exec(
    script,
  );
  if (loop !== null) {
    for (;;) {
      const before = environment.clock.now();
      const result = await runScript(loop[1]!, shellName, environment);
      if (result.left || environment.killed.cancelled) return result;
      // A loop that never waits would keep simulated time from passing.
      if (environment.clock.now() === before) {
        await environment.clock.sleep(1000, { context: environment.killed, periodic: true });
      }
    }
  }
  let exit = 0;
  for (const { text, operator } of splitList(script)) {
    if (environment.killed.cancelled) break;
    if ((operator === '&&' && exit !== 0) || (operator === '||' && exit === 0)) continue;
    const words = splitWords(text, environment.envs);
    const [command, ...args] = words;
    if (command === undefined) continue;
    if (command === 'exit') return { exit: args[0] === undefined ? exit : Number(args[0]) & 255, left: true };
    if (command === 'exec' && args.length > 0) {
      return { exit: await runCommand(args, shellName, environment), left: true };
    }
    exit = await runCommand(words, shellName, environment);
  }
  return { exit, left: false };
}

async function runCommand(
  argv: readonly string[],
  shellName: string,
  environment: ProgramEnvironment,
): Promise<number> {
  const program = argv[0] === ':' ? UTILITIES['true'] : userland(argv[0]!);
  if (program === undefined) {
    environment.stderr(`${shellName.replace(/^.*\//, '')}: ${argv[0]}: not found\n`);
    return 127;
  }
  return program({ ...environment, argv });
}

/** Splits at ";", newlines, "&&" and "||" outside of quotes; `operator` is what stands before the part. */
function splitList(script: string): { text: string; operator: string }[] {
  const parts: { text: string; operator: string }[] = [];
  let text = '';
  let operator = ';';
  let quote = '';
  for (let index = 0; index < script.length; index++) {
    const character = script[index]!;
    const pair = script.slice(index, index + 2);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === ';' || character === '\n' || pair === '&&' || pair === '||') {
      parts.push({ text, operator });
      operator = pair === '&&' || pair === '||' ? pair : ';';
      if (operator !== ';') index++;
      text = '';
      continue;
    }
    text += character;
  }
  parts.push({ text, operator });
  return parts;
}

/** Splits at spaces outside of quotes, takes the quotes away and fills in $NAME outside of single ones. */
function splitWords(text: string, envs: Readonly<Record<string, string>>): string[] {
  const words: string[] = [];
  for (const [raw] of text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)) {
    const word = raw.replace(
      /"([^"]*)"|'([^']*)'|([^"']+)/g,
      (_, double?: string, single?: string, bare?: string) =>
        single ??
        (double ?? bare ?? '').replace(/\$\{?(\w+)\}?/g, (_match, name: string) => envs[name] ?? ''),
    );
    words.push(word);
  }
  return words;
}
