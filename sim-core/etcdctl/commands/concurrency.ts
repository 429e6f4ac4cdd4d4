import { Election } from '../../etcd/clientv3/concurrency/election.ts';
import { Mutex } from '../../etcd/clientv3/concurrency/mutex.ts';
import { Session, SessionExpired } from '../../etcd/clientv3/concurrency/session.ts';
import { quoteWord } from '../../shell/quote.ts';
import { ExitError } from '../cobrautl/exit.ts';
import type { EtcdctlCommand, EtcdctlInvocation } from '../command.ts';
import type { EtcdctlClient } from '../network.ts';
import { rangeOutput } from '../printer/responses.ts';

const INTERRUPTED = 130;
/** Seconds of an election's lease. Models concurrency.NewSession. */
const ELECTION_TTL = 60;

/** Holds a lock until it is interrupted, or while a command runs. Models lock_command.go. */
export const lock: EtcdctlCommand = {
  use: 'lock <lockname> [exec-command arg1 arg2 ...]',
  short: 'Acquires a named lock',
  flags: [{ name: 'ttl', type: 'int', default: '10', usage: 'timeout for session' }],
  async run(invocation) {
    const { args, flags, io, environment, client } = invocation;
    const [name, ...command] = args;
    if (name === undefined)
      throw new ExitError('badArgs', 'lock takes a lock name argument and an optional command to execute');
    const connection = await client();
    const { context, clock } = environment;
    const session = await Session.open(connection, clock, flags.number('ttl'), context);
    const mutex = new Mutex(session, name);
    if (!(await locked(mutex, invocation))) return INTERRUPTED;
    if (command.length > 0) {
      const variables = `ETCD_LOCK_KEY=${quoteWord(mutex.key)} ETCD_LOCK_REV=${mutex.revision}`;
      const exit = await environment.execute(`${variables} ${command.map(quoteWord).join(' ')}`, io);
      await mutex.unlock();
      if (exit !== 0) io.stderr(`Error: exit status ${exit}\n`);
      return exit;
    }
    await showKey(invocation, connection, mutex.key);
    await ended(session, invocation, 'session expired');
    await mutex.unlock();
    return INTERRUPTED;
  },
};

async function locked(mutex: Mutex, { environment }: EtcdctlInvocation): Promise<boolean> {
  try {
    return await mutex.lock(environment.context);
  } catch (error) {
    if (error instanceof SessionExpired) throw new ExitError('error', error.message);
    throw error;
  }
}

/** Stands for an election, or follows one. Models elect_command.go. */
export const elect: EtcdctlCommand = {
  use: 'elect <election-name> [proposal]',
  short: 'Observes and participates in leader election',
  flags: [{ name: 'listen', shorthand: 'l', type: 'bool', default: 'false', usage: 'observation mode' }],
  async run(invocation) {
    const { args, flags, style, environment, client, display } = invocation;
    const [name, proposal] = args;
    const badArgs = (message: string) => new ExitError('badArgs', message);
    if (name === undefined || args.length > 2)
      throw badArgs('elect takes one election name argument and an optional proposal argument');
    const listen = flags.bool('listen');
    if (proposal === undefined && !listen) throw badArgs('no proposal argument but -l not set');
    if (proposal !== undefined && listen) throw badArgs('proposal given but -l is set');
    const connection = await client();
    const { context, clock } = environment;
    const session = await Session.open(connection, clock, ELECTION_TTL, context);
    const election = new Election(session, name);
    if (proposal === undefined) {
      for await (const leader of election.observe(context)) display(rangeOutput(leader, style));
      return INTERRUPTED;
    }
    if (!(await election.campaign(proposal, context))) return INTERRUPTED;
    await showKey(invocation, connection, election.key);
    await ended(session, invocation, 'elect: session expired');
    await election.resign();
    return INTERRUPTED;
  },
};

async function showKey(
  { style, display }: EtcdctlInvocation,
  client: EtcdctlClient,
  key: string,
): Promise<void> {
  const response = await client.get({ key });
  if (response.kvs.length === 0) throw new ExitError('error', 'lock lost on init');
  display(rangeOutput(response, style));
}

/** Waits for the interruption; throws an ExitError if the session ends first. */
async function ended({ done }: Session, { environment }: EtcdctlInvocation, message: string): Promise<void> {
  await new Promise<void>((resolve) => {
    done.onCancel(() => resolve());
    environment.context.onCancel(() => resolve());
  });
  if (!environment.context.cancelled) throw new ExitError('error', message);
}
