import { goQuote } from '../../apimachinery/go-format.ts';
import { ExitError } from '../cobrautl/exit.ts';
import type { Flag } from '../cobrautl/flags.ts';
import type { EtcdctlCommand, EtcdctlInvocation } from '../command.ts';
import { commaLines } from '../printer/display.ts';
import { headerFields, headerJson, hexId, parseId, RawNumber } from '../printer/values.ts';

const HEADERS = ['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'];

const list: EtcdctlCommand = {
  use: 'list',
  short: 'Lists all members in the cluster',
  long: `When --write-out is set to simple, this command prints out comma-separated member lists for each endpoint.
The items in the lists are ID, Status, Name, Peer Addrs, Client Addrs, Is Learner.
`,
  flags: [{ name: 'consistency', type: 'string', default: 'l', usage: 'Linearizable(l) or Serializable(s)' }],
  async run({ style: { isHex }, client, display }) {
    const { header, members } = await (await client()).memberList();
    const id = (text: string) => (isHex ? hexId(text) : text);
    const rows = members.map((member) => [
      hexId(member.id),
      member.name === '' ? 'unstarted' : 'started',
      member.name,
      member.peerUrls.join(','),
      member.clientUrls.join(','),
      String(member.isLearner),
    ]);
    const urls = (name: string, list: readonly string[]) =>
      list.map((url) => `"${name}" : ${goQuote(url)}\n`).join('');
    display({
      simple: commaLines(rows),
      fields:
        // The answer's header has no revision.
        headerFields({ ...header, revision: 0 }, isHex) +
        members
          .map(
            (member) =>
              `"ID" : ${id(member.id)}\n"Name" : ${goQuote(member.name)}\n${urls('PeerURL', member.peerUrls)}${urls('ClientURL', member.clientUrls)}"IsLearner" : ${member.isLearner}\n\n`,
          )
          .join(''),
      json: {
        header: isHex
          ? {
              cluster_id: hexId(header.clusterId),
              member_id: hexId(header.memberId),
              raft_term: header.raftTerm,
            }
          : { ...headerJson(header), revision: undefined },
        members: members.map((member) => ({
          ID: isHex ? hexId(member.id) : new RawNumber(member.id),
          name: member.name,
          peerURLs: member.peerUrls,
          clientURLs: member.clientUrls,
        })),
      },
      table: { headers: HEADERS, rows },
    });
  },
};

const PEER_URLS = (usage: string): Flag => ({ name: 'peer-urls', type: 'string', default: '', usage });

const add: EtcdctlCommand = {
  use: 'add <memberName> [options]',
  short: 'Adds a member into the cluster',
  flags: [
    PEER_URLS('comma separated peer URLs for the new member.'),
    { name: 'learner', type: 'bool', default: 'false', usage: 'indicates if the new member is raft learner' },
  ],
  async run({ args, flags, client }) {
    if (args.length === 0) throw new ExitError('badArgs', 'member name not provided');
    if (args.length > 1) {
      const hints = args
        .filter((arg) => arg.toLowerCase().startsWith('http'))
        .map((arg) => `, did you mean --peer-urls=${arg}`);
      throw new ExitError('badArgs', `too many arguments${hints.join('')}`);
    }
    const urls = flags.text('peer-urls').split(',');
    if (flags.text('peer-urls') === '') throw new ExitError('badArgs', 'member peer urls not provided');
    checkUrls(urls);
    const { members } = await (await client()).memberList();
    if (members.some(({ peerUrls }) => peerUrls.some((url) => urls.includes(url))))
      throw new ExitError('error', 'etcdserver: Peer URLs already exists');
    // Nobody would be there to form a quorum with.
    throw new ExitError('error', 'etcdserver: unhealthy cluster');
  },
};

/** Throws for what is no URL of a peer. Models client/pkg/types NewURLs. */
function checkUrls(urls: readonly string[]): void {
  for (const url of urls) {
    const [, scheme, host] = /^(?:([a-z]+):\/\/)?(.*)$/i.exec(url.trim())!;
    const refuse = (problem: string) => new ExitError('error', `${problem}: ${url}`);
    if (!['http', 'https', 'unix', 'unixs'].includes(scheme?.toLowerCase() ?? ''))
      throw refuse('URL scheme must be http, https, unix, or unixs');
    if (scheme!.startsWith('http') && !/^[^/:]*:\d+/.test(host!))
      throw refuse('URL address does not have the form "host:port"');
    if (/:\d+\/./.test(host!)) throw refuse('URL must not contain a path');
  }
}

/** The member that the only argument names; refused if the cluster has no such member. */
async function known({ args, client }: EtcdctlInvocation): Promise<void> {
  const id = memberId(args);
  const { members } = await (await client()).memberList();
  if (!members.some((member) => member.id === id))
    throw new ExitError('error', 'etcdserver: member not found');
}

function memberId(args: readonly string[]): string {
  const [text] = args;
  if (text === undefined || args.length > 1) throw new ExitError('badArgs', 'member ID is not provided');
  const id = parseId(text);
  if (id === undefined)
    throw new ExitError(
      'badArgs',
      `bad member ID arg (strconv.ParseUint: parsing ${goQuote(text)}: invalid syntax), expecting ID in Hex`,
    );
  return id;
}

const remove: EtcdctlCommand = {
  use: 'remove <memberID>',
  short: 'Removes a member from the cluster',
  async run(invocation) {
    await known(invocation);
    throw new ExitError('error', 'etcdserver: re-configuration failed due to not enough started members');
  },
};

const update: EtcdctlCommand = {
  use: 'update <memberID> [options]',
  short: 'Updates a member in the cluster',
  flags: [PEER_URLS('comma separated peer URLs for the updated member.')],
  async run(invocation) {
    memberId(invocation.args);
    if (invocation.flags.text('peer-urls') === '')
      throw new ExitError('badArgs', 'member peer urls not provided');
    await known(invocation);
    throw new ExitError('error', 'etcdserver: re-configuration failed due to not enough started members');
  },
};

const promote: EtcdctlCommand = {
  use: 'promote <memberID>',
  short: 'Promotes a non-voting member in the cluster',
  long: 'Promotes a non-voting learner member to a voting one in the cluster.\n',
  async run(invocation) {
    await known(invocation);
    throw new ExitError('error', 'etcdserver: can only promote a learner member');
  },
};

/** Models member_command.go, as far as a cluster of one member goes. */
export const member: EtcdctlCommand = {
  use: 'member <subcommand>',
  short: 'Membership related commands',
  subcommands: [add, remove, update, list, promote],
};
