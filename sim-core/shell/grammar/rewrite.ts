import type { Bash } from 'just-bash';

/** The commands that stand for `… &` and `wait` in a rewritten script. */
export const START_JOB = '__start_job';
export const WAIT_FOR_JOBS = '__wait_for_jobs';

/** The variable that `$!` stands for. */
export const LAST_JOB = 'LAST_BACKGROUND_PID';

interface Node {
  readonly type?: string;
  readonly [field: string]: unknown;
}

/**
 * The script in words that just-bash takes as bash would take it; one that needs none stays as it is.
 * - It runs background statements in the foreground: each becomes a command that starts it,
 *   `sleep 1 & wait` becomes `__start_job 'sleep 1'; __wait_for_jobs`.
 * - It does not split a command's name: `$E get a`, where E holds a command and its flags, becomes
 *   `command $E get a`.
 */
export function rewriteScript(bash: Bash, script: string): string {
  if (!/[&!$]/.test(script)) return script;
  let found = false;
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (typeof value !== 'object' || value === null) return value;
    const node = value as Node;
    if (node.type === 'Statement' && node.background === true && typeof node.sourceText === 'string') {
      found = true;
      return statementOf(START_JOB, node.sourceText.replace(/&\s*$/, '').trim());
    }
    if (node.type === 'ParameterExpansion' && node.parameter === '!') {
      found = true;
      return { ...node, parameter: LAST_JOB };
    }
    if (node.type === 'SimpleCommand' && isWord(node.name, 'wait'))
      return { ...node, name: wordOf(WAIT_FOR_JOBS) };
    if (node.type === 'SimpleCommand' && isVariable(node.name)) {
      found = true;
      const args = [node.name, ...(node.args as readonly unknown[])];
      return rewrite({ ...node, name: wordOf('command'), args });
    }
    return Object.fromEntries(Object.entries(node).map(([key, field]) => [key, rewrite(field)]));
  };
  bash.registerTransformPlugin({
    name: 'rewrite',
    transform: ({ ast }) => ({ ast: rewrite(ast) as typeof ast }),
  });
  try {
    const { script: rewritten } = bash.transform(script);
    return found ? rewritten : script;
  } catch {
    return script; // A syntax error: running the script says it.
  }
}

function wordOf(text: string): Node {
  return { type: 'Word', parts: [{ type: 'Literal', value: text }] };
}

function isWord(value: unknown, text: string): boolean {
  const parts = (value as { parts?: readonly Node[] } | null)?.parts ?? [];
  return parts.length === 1 && parts[0]!.type === 'Literal' && parts[0]!.value === text;
}

/** A variable and nothing else, out of quotes. */
function isVariable(value: unknown): boolean {
  const parts = (value as { parts?: readonly Node[] } | null)?.parts ?? [];
  return parts.length === 1 && parts[0]!.type === 'ParameterExpansion' && parts[0]!.parameter !== '!';
}

function statementOf(name: string, argument: string): Node {
  const pieces = argument
    .split("'")
    .flatMap((text, index): Node[] => [
      ...(index === 0 ? [] : [{ type: 'Escaped', value: "'" }]),
      ...(text === '' ? [] : [{ type: 'SingleQuoted', value: text }]),
    ]);
  const command = {
    type: 'SimpleCommand',
    name: wordOf(name),
    args: [{ type: 'Word', parts: pieces }],
    assignments: [],
    redirections: [],
  };
  const pipeline = { type: 'Pipeline', commands: [command], negated: false };
  return { type: 'Statement', pipelines: [pipeline], operators: [], background: false };
}
