import { goQuote } from '../../apimachinery/go-format.ts';
import type { WatchOptions } from '../../etcd/clientv3/client.ts';
import { EtcdError, prefixEnd } from '../../etcd/clientv3/client.ts';
import { ExitError } from '../cobrautl/exit.ts';
import type { Flag, Flags } from '../cobrautl/flags.ts';
import { FlagError, parseFlags } from '../cobrautl/flags.ts';
import type { EtcdctlCommand, EtcdctlInvocation } from '../command.ts';
import type { EtcdctlClient } from '../network.ts';
import { watchOutput } from '../printer/responses.ts';
import { argify } from './argify.ts';

const FLAGS: readonly Flag[] = [
  { name: 'interactive', shorthand: 'i', type: 'bool', default: 'false', usage: 'Interactive mode' },
  { name: 'prefix', type: 'bool', default: 'false', usage: 'Watch on a prefix if prefix is set' },
  { name: 'rev', type: 'int', default: '0', usage: 'Revision to start watching' },
  {
    name: 'prev-kv',
    type: 'bool',
    default: 'false',
    usage: 'get the previous key-value pair before the event happens',
  },
  {
    name: 'progress-notify',
    type: 'bool',
    default: 'false',
    usage: 'get periodic watch progress notification from server',
  },
];

/** Prints changes until it is interrupted or the server ends the watch. */
export const watch: EtcdctlCommand = {
  use: 'watch [options] [key or prefix] [range_end] [--] [exec-command arg1 arg2 ...]',
  short: 'Watches events stream on keys or prefixes',
  flags: FLAGS,
  async run(invocation) {
    const { flags, environment } = invocation;
    const fromVariables = variables(environment.variables);
    if (flags.bool('interactive')) return interactive(invocation, fromVariables);
    if (fromVariables.length > 0 && invocation.args.length > 0)
      throw new ExitError('badArgs', 'bad number of arguments (found conflicting environment key)');
    const options = watchOptions([...fromVariables, ...invocation.args], flags);
    await follow(invocation, await invocation.client(), options);
    if (environment.context.cancelled) return 130;
    throw new ExitError('interrupted', 'watch is canceled by the server');
  },
};

/** Key and end of the range from the environment. */
function variables({
  ETCDCTL_WATCH_KEY: key = '',
  ETCDCTL_WATCH_RANGE_END: end = '',
}: Readonly<Record<string, string>>): string[] {
  if (key === '' && end !== '')
    throw new ExitError(
      'badArgs',
      `ETCDCTL_WATCH_KEY is empty but got ETCDCTL_WATCH_RANGE_END=${goQuote(end)}`,
    );
  return [key, end].filter((text) => text !== '');
}

/** Models getWatchChan; throws an ExitError for what does not fit together. */
function watchOptions([key, end]: readonly string[], flags: Flags): WatchOptions {
  if (key === undefined) throw new ExitError('badArgs', 'bad number of arguments');
  const prefix = flags.bool('prefix');
  if (end !== undefined && prefix)
    throw new ExitError('badArgs', '`range_end` and `--prefix` are mutually exclusive');
  const rangeEnd = prefix ? prefixEnd(key) : end;
  return {
    key: prefix && key === '' ? '\0' : key,
    ...(rangeEnd !== undefined && { rangeEnd }),
    startRevision: flags.number('rev'),
    previous: flags.bool('prev-kv'),
    progressNotify: flags.bool('progress-notify'),
  };
}

/** Models printWatchCh. */
async function follow(
  { io, style, environment, display }: EtcdctlInvocation,
  client: EtcdctlClient,
  options: WatchOptions,
): Promise<void> {
  try {
    for await (const response of client.watch({ ...options, context: environment.context })) {
      if (response.events.length === 0) io.stdout(`progress notify: ${response.header.revision}\n`);
      else display(watchOutput(response, style));
    }
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    io.stderr(`watch was canceled (${error.message})\n`);
  }
}

/** Reads `watch …` and `progress` from stdin. Models watchInteractiveFunc. */
async function interactive(invocation: EtcdctlInvocation, fromVariables: readonly string[]): Promise<number> {
  const { io, environment } = invocation;
  const client = await invocation.client();
  const lines = (await io.stdin.readAll()).split('\n');
  while (lines.length > 1) {
    const line = lines.shift()!;
    const [name, ...words] = argify(line);
    if (name === undefined) io.stderr(`Invalid command: ${line} (watch and progress supported)\n`);
    else if (name === 'progress') await client.requestProgress();
    else if (name !== 'watch') io.stderr(`Invalid command ${line} (only support watch)\n`);
    else if (words.length === 0 && fromVariables.length === 0)
      io.stderr(`Invalid command ${line} (command type or key is not provided)\n`);
    else {
      void follow(invocation, client, interactiveOptions(words, fromVariables));
      // The server answers before the next line is read.
      await environment.clock.sleep(0);
    }
  }
  await environment.clock.sleep(0);
  throw new ExitError('invalidInput', 'error reading watch request line: EOF');
}

function interactiveOptions(words: readonly string[], fromVariables: readonly string[]): WatchOptions {
  try {
    const { args, flags } = parseFlags(words, FLAGS);
    return watchOptions([...fromVariables, ...args], flags);
  } catch (error) {
    if (error instanceof FlagError) throw new ExitError('badArgs', error.message);
    throw error;
  }
}
