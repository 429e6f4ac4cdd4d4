/** What `sim shell` was asked for. */
export interface ShellOptions {
  readonly json: boolean;
  readonly seed: number;
  readonly emptyEtcd: boolean;
}

/** A mistake on the command line; `message` is for people. */
export class UsageError extends Error {}

/** Reads the arguments after `shell`; throws a {@link UsageError}. */
export function parseShellOptions(args: readonly string[]): ShellOptions {
  let json = false;
  let seed = 1;
  let emptyEtcd = false;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === '--json') json = true;
    else if (argument === '--empty-etcd') emptyEtcd = true;
    else if (argument === '--seed' || argument.startsWith('--seed=')) {
      seed = wholeNumber('--seed', argument === '--seed' ? args[++index] : argument.slice('--seed='.length));
    } else throw new UsageError(`unknown option ${argument}`);
  }
  return { json, seed, emptyEtcd };
}

/** The number that the option `name` was given as `text`; throws a {@link UsageError}. */
export function wholeNumber(name: string, text: string | undefined): number {
  if (text === undefined || !/^\d+$/.test(text)) {
    throw new UsageError(`${name} takes a whole number, got ${JSON.stringify(text ?? '')}`);
  }
  return Number(text);
}
