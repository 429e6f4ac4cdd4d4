import { ExpansionProblem } from '../leave.ts';
import { isName } from '../variables.ts';
import type { ShellProcess } from '../shell-process.ts';
import type { GrammarBuiltin } from './builtin.ts';

interface Attributes {
  array?: 'indexed' | 'associative';
  exported?: boolean;
  readonly?: boolean;
  integer?: boolean;
  lower?: boolean;
  upper?: boolean;
  print?: boolean;
  functions?: boolean;
  global?: boolean;
}

/** Reads `-aAx…` and `+x`; the rest are names. Undefined if an option is none: it has been said. */
function attributesOf(
  shell: ShellProcess,
  builtin: string,
  args: readonly string[],
): { attributes: Attributes; names: string[] } | undefined {
  const attributes: Attributes = {};
  const names = [...args];
  while (/^[-+][A-Za-z]/.test(names[0] ?? '') || names[0] === '--') {
    const option = names.shift()!;
    if (option === '--') break;
    const on = option.startsWith('-');
    for (const letter of option.slice(1)) {
      if (letter === 'a') attributes.array = 'indexed';
      else if (letter === 'A') attributes.array = 'associative';
      else if (letter === 'x') attributes.exported = on;
      else if (letter === 'r') attributes.readonly = on;
      else if (letter === 'i') attributes.integer = on;
      else if (letter === 'l') attributes.lower = on;
      else if (letter === 'u') attributes.upper = on;
      else if (letter === 'p') attributes.print = true;
      else if (letter === 'f' || letter === 'F') attributes.functions = true;
      else if (letter === 'g') attributes.global = true;
      else if (letter === 'n' && builtin === 'export') attributes.exported = false;
      else if (letter !== 'n' && letter !== 't') {
        shell.say(`${builtin}: -${letter}: invalid option`);
        return undefined;
      }
    }
  }
  return { attributes, names };
}

const declaration =
  (builtin: string, base: Attributes = {}): GrammarBuiltin =>
  async (shell, args) => {
    if (builtin === 'local' && !shell.variables.inFunction) {
      shell.say('local: can only be used in a function');
      return 1;
    }
    const parsed = attributesOf(shell, builtin, args);
    if (parsed === undefined) return 2;
    const attributes = { ...base, ...parsed.attributes };
    if (attributes.functions === true) return showFunctions(shell, parsed.names);
    if (parsed.names.length === 0 || attributes.print === true)
      return show(shell, builtin, attributes, parsed.names);
    let exit = 0;
    for (const argument of parsed.names) {
      const match = /^([^=+]+)(\+?=)?([^]*)$/.exec(argument);
      const name = match?.[1] ?? '';
      if (!isName(name.replace(/\[.*\]$/s, ''))) {
        shell.say(`${builtin}: \`${argument}': not a valid identifier`);
        exit = 1;
        continue;
      }
      try {
        await declareOne(shell, name, match![2], match![3]!, {
          ...attributes,
          isLocal: builtin !== 'export' && builtin !== 'readonly',
        });
      } catch (error) {
        // What is wrong with a number is said in the name of the builtin.
        if (!(error instanceof ExpansionProblem) || !shell.session.integers.has(name)) throw error;
        throw new ExpansionProblem(`${builtin}: ${error.message}`);
      }
    }
    return exit;
  };

async function declareOne(
  shell: ShellProcess,
  name: string,
  operator: string | undefined,
  value: string,
  attributes: Attributes & { readonly isLocal: boolean },
): Promise<void> {
  const { session, variables } = shell;
  if (attributes.isLocal && variables.inFunction && attributes.global !== true) variables.local(name);
  if (attributes.array !== undefined && variables.array(name) === undefined)
    variables.arrayFor(name, attributes.array === 'associative');
  const sets: readonly [boolean | undefined, Set<string>][] = [
    [attributes.integer, session.integers],
    [attributes.lower, session.lowercase],
    [attributes.upper, session.uppercase],
    [attributes.exported, session.exported],
  ];
  for (const [on, set] of sets) {
    if (on === true) set.add(name);
    else if (on === false) set.delete(name);
  }
  if (operator !== undefined) {
    const before = operator === '+=' ? (variables.get(name) ?? '') : '';
    await shell.words.assign(
      name,
      session.integers.has(name) && before !== '' ? `${before}+${value}` : before + value,
    );
  }
  if (attributes.readonly === true) session.readonly.add(name);
}

export const declare = declaration('declare');
export const local = declaration('local');
export const exportBuiltin = declaration('export', { exported: true });
export const readonly = declaration('readonly', { readonly: true });

const quoted = (value: string) => `"${value.replace(/["$`\\]/g, '\\$&')}"`;

/** A variable as `declare -p` writes it. */
function declarationOf(shell: ShellProcess, name: string): string | undefined {
  const { session, variables } = shell;
  const array = variables.array(name);
  const value = variables.get(name);
  const letters = [
    array === undefined ? '' : array.associative ? 'A' : 'a',
    session.integers.has(name) ? 'i' : '',
    session.lowercase.has(name) ? 'l' : '',
    session.readonly.has(name) ? 'r' : '',
    session.uppercase.has(name) ? 'u' : '',
    session.exported.has(name) ? 'x' : '',
  ].join('');
  const flags = letters === '' ? '--' : `-${letters}`;
  if (array === undefined) {
    if (value !== undefined) return `declare ${flags} ${name}=${quoted(value)}`;
    return session.exported.has(name) ? `declare ${flags} ${name}` : undefined;
  }
  const elements = variables.entries(name).map(([key, element]) => `[${key}]=${quoted(element)}`);
  return `declare ${flags} ${name}=(${elements.join(' ')}${array.associative && elements.length > 0 ? ' ' : ''})`;
}

function show(
  shell: ShellProcess,
  builtin: string,
  attributes: Attributes,
  names: readonly string[],
): number {
  const { session, variables } = shell;
  let exit = 0;
  if (names.length > 0) {
    for (const name of names) {
      const text = declarationOf(shell, name);
      if (text === undefined) {
        shell.say(`${builtin}: ${name}: not found`);
        exit = 1;
      } else shell.output.write(`${text}\n`);
    }
    return exit;
  }
  const all = [...new Set([...variables.names(), ...session.exported])].sort();
  for (const name of all) {
    if (attributes.exported === true && !session.exported.has(name)) continue;
    if (attributes.readonly === true && !session.readonly.has(name)) continue;
    if (attributes.array !== undefined && variables.array(name) === undefined) continue;
    const text = declarationOf(shell, name);
    if (text !== undefined) shell.output.write(`${text}\n`);
  }
  return exit;
}

function showFunctions(shell: ShellProcess, names: readonly string[]): number {
  const { functions } = shell.session;
  if (names.length === 0) for (const name of functions.keys()) shell.output.write(`declare -f ${name}\n`);
  for (const name of names) if (functions.has(name)) shell.output.write(`${name}\n`);
  return names.every((name) => functions.has(name)) ? 0 : 1;
}

export const unset: GrammarBuiltin = async (shell, args) => {
  const onlyFunctions = args.includes('-f');
  let exit = 0;
  for (const name of args.filter((argument) => !/^-[fvn]$/.test(argument))) {
    const element = /^(\w+)\[([^]*)\]$/.exec(name);
    if (element !== null) {
      const key = await shell.words.key(element[1]!, element[2]!);
      shell.variables.array(element[1]!)?.elements.delete(key);
    } else if (onlyFunctions) shell.session.functions.delete(name);
    else if (shell.session.readonly.has(name)) {
      shell.say(`unset: ${name}: cannot unset: readonly variable`);
      exit = 1;
    } else if (shell.variables.entries(name).length > 0 || shell.variables.array(name) !== undefined)
      shell.variables.unset(name);
    else if (!args.includes('-v')) {
      shell.session.functions.delete(name);
      shell.session.exported.delete(name);
    }
  }
  return exit;
};

export const letBuiltin: GrammarBuiltin = async (shell, args) => {
  let value = 0n;
  try {
    for (const argument of args) value = await shell.words.arithmeticText(argument);
  } catch (error) {
    if (!(error instanceof ExpansionProblem)) throw error;
    shell.say(`let: ${error.message}`);
    return 1;
  }
  return value === 0n ? 1 : 0;
};

export const shift: GrammarBuiltin = (shell, args) => {
  const count = Number(args[0] ?? 1);
  const { positional } = shell.session;
  if (!(count >= 0) || count > positional.length) return 1;
  shell.session.positional = positional.slice(count);
  return 0;
};

const LETTERS: Readonly<Record<string, string>> = {
  a: 'allexport',
  C: 'noclobber',
  e: 'errexit',
  f: 'noglob',
  n: 'noexec',
  u: 'nounset',
  v: 'verbose',
  x: 'xtrace',
};
const SET_OPTIONS = [
  ...['allexport', 'braceexpand', 'emacs', 'errexit', 'errtrace', 'functrace', 'hashall', 'histexpand'],
  ...['history', 'ignoreeof', 'interactive-comments', 'keyword', 'monitor', 'noclobber', 'noexec', 'noglob'],
  ...['nolog', 'notify', 'nounset', 'onecmd', 'physical', 'pipefail', 'posix', 'privileged', 'verbose', 'vi'],
  'xtrace',
];

/** `set [-eux] [-o option] [--] [argument …]`. */
export const set: GrammarBuiltin = (shell, args) => {
  const { session, variables } = shell;
  const { options } = session;
  if (args.length === 0) {
    for (const name of variables.names())
      shell.output.write(`${name}=${plainOr(variables.get(name) ?? '')}\n`);
    return 0;
  }
  const operands = [...args];
  const turn = (name: string, on: boolean) => (on ? options.add(name) : options.delete(name));
  while (/^[-+]./.test(operands[0] ?? '') || operands[0] === '-') {
    const option = operands.shift()!;
    if (option === '--' || option === '-') {
      session.positional = operands;
      return 0;
    }
    const on = option.startsWith('-');
    for (const letter of option.slice(1)) {
      if (letter === 'o') {
        const name = operands.shift();
        if (name === undefined) {
          for (const one of SET_OPTIONS)
            shell.output.write(
              on
                ? `${one.padEnd(15)}\t${options.has(one) ? 'on' : 'off'}\n`
                : `set ${options.has(one) ? '-' : '+'}o ${one}\n`,
            );
        } else if (!SET_OPTIONS.includes(name)) {
          shell.say(`set: ${name}: invalid option name`);
          return 2;
        } else turn(name, on);
      } else if (LETTERS[letter] !== undefined) turn(LETTERS[letter], on);
      else if (!/[bhkmptBEHPT]/.test(letter)) {
        shell.say(`set: -${letter}: invalid option`);
        return 2;
      }
    }
  }
  if (operands.length > 0) session.positional = operands;
  return 0;
};

function plainOr(value: string): string {
  return /^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

const SHOPT_OPTIONS = new Set([
  ...['autocd', 'cdspell', 'checkjobs', 'checkwinsize', 'cmdhist', 'dotglob', 'expand_aliases', 'extglob'],
  ...['failglob', 'globstar', 'histappend', 'huponexit', 'inherit_errexit', 'lastpipe', 'login_shell'],
  ...['nocaseglob', 'nocasematch', 'nullglob', 'progcomp', 'sourcepath', 'xpg_echo', 'direxpand', 'dirspell'],
]);

/** `shopt [-squp] [name …]`. */
export const shopt: GrammarBuiltin = (shell, args) => {
  const { options } = shell.session;
  const flags = args.filter((argument) => /^-/.test(argument)).join('');
  const names = args.filter((argument) => !/^-/.test(argument));
  const shown = names.length > 0 ? names : [...SHOPT_OPTIONS].sort();
  let exit = 0;
  for (const name of shown) {
    if (!SHOPT_OPTIONS.has(name) && !(flags.includes('o') && SET_OPTIONS.includes(name))) {
      shell.say(`shopt: ${name}: invalid shell option name`);
      exit = 1;
    } else if (names.length > 0 && flags.includes('s')) options.add(name);
    else if (names.length > 0 && flags.includes('u')) options.delete(name);
    else {
      if (!flags.includes('q'))
        shell.output.write(`${name.padEnd(15)}\t${options.has(name) ? 'on' : 'off'}\n`);
      if (names.length > 0 && !options.has(name)) exit = 1;
    }
  }
  return exit;
};
