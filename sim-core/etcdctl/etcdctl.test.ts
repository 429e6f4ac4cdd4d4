import { beforeEach, describe, expect, test } from 'vitest';
import { createEtcdLab } from '../cluster/etcd-only/create.ts';
import type { EtcdLab } from '../cluster/etcd-only/create.ts';
import { settle } from '../testing/settle.ts';

const START = Date.UTC(2026, 10, 23, 9);
let lab: EtcdLab;

beforeEach(() => {
  lab = createEtcdLab({ seed: 1, start: START, settle });
});

async function run(line: string, stdin = '') {
  const { stdout, stderr, exit } = await lab.clock.until(lab.shell.run(line, { stdin }));
  return { out: stdout, err: stderr, exit };
}

const CLUSTER = '14841639068965178418';
const MEMBER = '10276657743932975437';
const header = (revision: number) =>
  `"header":{"cluster_id":${CLUSTER},"member_id":${MEMBER},"revision":${revision},"raft_term":2}`;
const headerFields = (revision: number) =>
  `"ClusterID" : ${CLUSTER}\n"MemberID" : ${MEMBER}\n"Revision" : ${revision}\n"RaftTerm" : 2\n`;

describe('output formats', () => {
  beforeEach(async () => {
    await run('etcdctl put foo bar');
  });

  test.each([
    [
      'get foo -w fields',
      `${headerFields(2)}"Key" : "foo"\n"CreateRevision" : 2\n"ModRevision" : 2\n"Version" : 1\n"Value" : "bar"\n"Lease" : 0\n"More" : false\n"Count" : 1\n`,
    ],
    ['get foo --count-only -w fields', `${headerFields(2)}"More" : false\n"Count" : 1\n`],
    ['get foo --hex', '\\x66\\x6f\\x6f\n\\x62\\x61\\x72\n'],
    [
      'put foo baz --prev-kv -w json',
      `{${header(3)},"prev_kv":{"key":"Zm9v","create_revision":2,"mod_revision":2,"version":1,"value":"YmFy"}}\n`,
    ],
    [
      'del foo --prev-kv -w fields',
      `${headerFields(3)}"Deleted" : 1\n"PrevKey" : "foo"\n"PrevCreateRevision" : 2\n"PrevModRevision" : 2\n"PrevVersion" : 1\n"PrevValue" : "bar"\n"PrevLease" : 0\n`,
    ],
    [
      'lease list -w json',
      `{"cluster_id":${CLUSTER},"member_id":${MEMBER},"revision":2,"raft_term":2,"leases":[]}\n`,
    ],
    ['endpoint health -w json', '[{"endpoint":"https://127.0.0.1:2379","health":true,"took":"0s"}]\n'],
    [
      'member list -w json --hex',
      '{"header":{"cluster_id":"cdf818194e3a8c32","member_id":"8e9e05c52164694d","raft_term":2},"members":[{"ID":"8e9e05c52164694d","name":"default","peerURLs":["http://localhost:2380"],"clientURLs":["https://127.0.0.1:2379"]}]}\n',
    ],
  ])('etcdctl %s', async (args, out) => {
    expect(await run(`etcdctl ${args}`)).toEqual({ out, err: '', exit: 0 });
  });

  test.each([
    ['get foo -w xml', 'unsupported output format', 4],
    ['get foo -w table', 'table not supported as output format', 4],
    ['get foo -w protobuf', 'protobuf not supported as output format', 4],
    ['get foo --print-value-only -w json', 'print-value-only is only for `--write-out=simple`', 128],
  ])('etcdctl %s is refused', async (args, message, exit) => {
    expect(await run(`etcdctl ${args}`)).toEqual({ out: '', err: `Error: ${message}\n`, exit });
  });
});

describe('mistakes', () => {
  test.each([
    [
      'get a --prefix --from-key',
      '`--prefix` and `--from-key` cannot be set at the same time, choose one',
      128,
    ],
    [
      'get a b --prefix',
      'too many arguments, only accept one argument when `--prefix` or `--from-key` is set',
      128,
    ],
    ['get a --order=UP', 'bad sort order UP', 4],
    ['get a --sort-by=SIZE', 'bad sort target SIZE', 4],
    ['get a --consistency=x', 'unknown consistency flag "x"', 4],
    [
      'put a b --lease=xyz',
      'bad lease ID (strconv.ParseInt: parsing "xyz": invalid syntax), expecting ID in Hex',
      128,
    ],
    ['put a b --ignore-value', "put command needs only 1 argument when 'ignore-value' is set", 128],
    ['del', 'del command needs one argument as key and an optional argument as range_end', 128],
    ['compact x', 'strconv.ParseInt: parsing "x": invalid syntax', 1],
    ['lease grant', 'lease grant command needs TTL argument', 128],
    ['lease keep-alive 1 --once', 'etcdserver: requested lease not found', 2],
    ['snapshot save', 'snapshot save expects one argument <filename>', 128],
    [
      'snapshot save /none/a',
      'could not open /none/a.part (open /none/a.part: no such file or directory)',
      5,
    ],
    ['watch', 'bad number of arguments', 128],
    ['watch a b --prefix', '`range_end` and `--prefix` are mutually exclusive', 128],
    ['member remove', 'member ID is not provided', 128],
    ['member remove 1', 'etcdserver: member not found', 1],
    [
      'member remove 8e9e05c52164694d',
      'etcdserver: re-configuration failed due to not enough started members',
      1,
    ],
    ['member promote 8e9e05c52164694d', 'etcdserver: can only promote a learner member', 1],
    ['member add a', 'member peer urls not provided', 128],
    ['member add a --peer-urls=http://localhost:2380', 'etcdserver: Peer URLs already exists', 1],
    ['--cert=/a get a', 'KeyFile and CertFile must both be present[key: , cert: /a]', 128],
    ['--cacert= get a', 'empty string is passed to --cacert option', 128],
  ])('etcdctl %s', async (args, message, exit) => {
    expect(await run(`etcdctl ${args}`)).toMatchObject({
      out: '',
      err: expect.stringMatching(new RegExp(`Error: ${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\n$`)),
      exit,
    });
  });

  test('an unknown flag is said twice, with the usage between', async () => {
    const { out, err, exit } = await run('etcdctl get a --nope');
    expect(err).toBe('Error: unknown flag: --nope\n\nError: unknown flag: --nope\n');
    expect(out).toContain('USAGE:\n\tetcdctl get [options] <key> [range_end] [flags]\n');
    expect(exit).toBe(1);
  });

  test('a port where nobody listens', async () => {
    const { err, exit } = await run(
      'unset ETCDCTL_ENDPOINTS; etcdctl --endpoints=127.0.0.1:2380,127.0.0.1:2381 --command-timeout=1s get a',
    );
    expect(err).toBe(
      '{"level":"warn","ts":"2026-11-23T09:00:01.000000Z","logger":"etcd-client","caller":"v3@v3.6.6/retry_interceptor.go:65","msg":"retrying of unary invoker failed","target":"etcd-endpoints://0xc000420000/127.0.0.1:2380","attempt":0,"error":"rpc error: code = DeadlineExceeded desc = latest balancer error: last connection error: connection error: desc = \\"transport: Error while dialing: dial tcp 127.0.0.1:2381: connect: connection refused\\""}\nError: context deadline exceeded\n',
    );
    expect(exit).toBe(1);
  });
});

describe('environment variables', () => {
  test('stand for flags', async () => {
    await run('etcdctl put foo bar');
    expect((await run('ETCDCTL_WRITE_OUT=json etcdctl get foo')).out).toContain('"count":1');
  });

  test('that no flag knows are complained of', async () => {
    const { err, exit } = await run('ETCDCTL_API=3 etcdctl get foo');
    expect(err).toContain('"msg":"unrecognized environment variable","environment-variable":"ETCDCTL_API=3"');
    expect(exit).toBe(0);
  });

  test('beside their flag are a conflict', async () => {
    const { err, exit } = await run('etcdctl --endpoints=127.0.0.1:2379 get foo');
    expect(err).toContain('"level":"fatal"');
    expect(err).toContain('"environment-variable":"ETCDCTL_ENDPOINTS"');
    expect(exit).toBe(1);
  });
});

describe('txn', () => {
  test.each([
    ['oops\n\n\n\n', 'malformed comparison: oops'],
    ['size("a") = "1"\n\n\n\n', 'malformed comparison: size("a") = "1" (unknown target size)'],
    ['mod(a) = "1"\n\n\n\n', 'malformed comparison: mod(a) = "1"; got mod("")  ""'],
    ['mod("a")= "1"\n\n\n\n', 'malformed comparison: mod("a")= "1"; got mod("a")  ""'],
    ['mod("a") = 1\n\n\n\n', 'malformed comparison: mod("a") = 1; got mod("a") = ""'],
    ['\nput "\\q" 1\n\n\n', 'invalid syntax'],
    ['mod("a") = "x"\n\n\n\n', 'invalid txn compare request: mod("a") = "x"'],
    ['\nfly a\n\n\n', 'invalid txn request: fly a'],
    ['\nput\n\n\n', 'invalid txn compare request: put'],
    ['mod("a") = "0"\n', 'EOF'],
  ])('%j ends with 3', async (stdin, message) => {
    expect(await run('etcdctl txn', stdin)).toEqual({ out: '', err: `Error: ${message}\n`, exit: 3 });
  });

  test('prompts when it is interactive, and takes flags and quotes', async () => {
    await run('etcdctl put a 1');
    const stdin = 'mod("a") > "0"\n\nput b "two words" --prev-kv\nget a --keys-only\n\ndel a --prefix\n\n';
    expect((await run('etcdctl txn -i', stdin)).out).toBe(
      'compares:\nsuccess requests (get, put, del):\nfailure requests (get, put, del):\nSUCCESS\n\nOK\n\na\n\n',
    );
    expect((await run('etcdctl get b')).out).toBe('b\ntwo words\n');
  });

  test('answers in JSON', async () => {
    const { out } = await run('etcdctl txn -w json', '\nput a 1\n\n\n');
    expect(out).toBe(
      `{${header(2)},"succeeded":true,"responses":[{"Response":{"ResponsePut":{"header":{"revision":2}}}}]}\n`,
    );
  });
});

test('watch -i takes watches and progress from stdin, and ends with it', async () => {
  await run('etcdctl put a 1');
  const { out, err, exit } = await run('etcdctl watch -i', 'watch a --rev=2\nprogress\nfly\n');
  expect(out).toBe('PUT\na\n1\nprogress notify: 2\n');
  expect(err).toBe(
    'Invalid command fly (only support watch)\nError: error reading watch request line: EOF\n',
  );
  expect(exit).toBe(3);
});

test('a range is deleted after a warning and two seconds', async () => {
  await run('etcdctl put a 1');
  const { out, err } = await run('etcdctl del a b');
  expect(out).toBe('1\n');
  expect(err).toContain('Warning: Keys between "a" and "b" will be deleted.');
  expect(lab.clock.now()).toBe(START + 2000);
});

test('help lists commands and flags as etcd does', async () => {
  const { out } = await run('etcdctl lease --help');
  expect(out.split('\nGLOBAL OPTIONS:')[0]).toBe(
    'NAME:\n\tlease - Lease related commands\n\nUSAGE:\n\tetcdctl lease <subcommand> [flags]\n\nAPI VERSION:\n\t3.6\n\n\nCOMMANDS:\n\tgrant\t\tCreates leases\n\tkeep-alive\tKeeps leases alive (renew)\n\tlist\t\tList all active leases\n\trevoke\t\tRevokes leases\n\ttimetolive\tGet lease information\n\nOPTIONS:\n  -h, --help[=false]\thelp for lease\n',
  );
  expect((await run('etcdctl')).out).toContain(
    '\tendpoint hashkv\t\tPrints the KV history hash for each endpoint in --endpoints\n',
  );
});

test('users, roles and permissions', async () => {
  const said = async (args: string, stdin = '') => {
    const { out, err, exit } = await run(`etcdctl ${args}`, stdin);
    return exit === 0 ? out : `${exit} ${err}`;
  };
  expect(await said('auth enable')).toBe('1 Error: etcdserver: root user does not exist\n');
  expect(await said('user add root:secret')).toBe('User root created\n');
  expect(await said('user add kim --interactive=false', 'pass\n')).toBe('User kim created\n');
  expect(await said('user add :x')).toBe('128 Error: empty user name is not allowed\n');
  expect(await said('role add reader')).toBe('Role reader created\n');
  expect(await said('role grant-permission reader read app/ --prefix')).toBe('Role reader updated\n');
  expect(await said('role grant-permission reader fly a')).toBe('128 Error: invalid permission type: fly\n');
  expect(await said('user grant-role kim reader')).toBe('Role reader is granted to user kim\n');
  expect(await said('role get reader')).toBe(
    'Role reader\nKV Read:\n\t[app/, app0) (prefix app/)\nKV Write:\n',
  );
  expect(await said('user get kim')).toBe('User: kim\nRoles: reader\n');
  expect(await said('user list -w fields')).toBe('4 Error: fields not supported as output format\n');
  expect(await said('put app/a 1')).toBe('OK\n');
  expect(await said('auth enable')).toBe('Authentication Enabled\n');
  expect(await said('get app/a')).toBe('1 Error: etcdserver: user name is empty\n');
  expect(await said('--user=kim:pass get app/a')).toBe('app/a\n1\n');
  expect(await said('--user=kim --password=pass get b')).toBe('1 Error: etcdserver: permission denied\n');
  expect(await said('--user=kim:no get app/a')).toBe(
    '2 Error: etcdserver: authentication failed, invalid user ID or password\n',
  );
  expect(await said('--user=kim:pass endpoint health')).toMatch(/^https:..127.0.0.1:2379 is healthy/);
  expect(await said('member list')).toBe('1 Error: etcdserver: user name is empty\n');
  expect(await said('--user=root:secret auth status')).toMatch(
    /^Authentication Status: true\nAuthRevision: \d+\n$/,
  );
  expect(await said('--user=root:secret auth disable')).toBe('Authentication Disabled\n');
  expect(await said('role revoke-permission reader app/ --prefix')).toBe(
    'Permission of range [app/, app0) is revoked from role reader\n',
  );
});

describe('commands are found', () => {
  beforeEach(async () => {
    await run('etcdctl put a 1');
  });

  test.each([
    ['compact 2', 'compacted revision 2\n', '', 0],
    ['ge a', 'a\n1\n', '', 0],
    ['e health', '', 'Error: unknown command "e" for "etcdctl"\n', 1],
    ['pit a', '', 'Did you mean this?\n\tget\n\tput\n', 1],
    ['--nope get a', '', 'Error: unknown command "a" for "etcdctl"\n', 1],
    ['get --nope a', 'NAME:\n\tget - ', 'Error: unknown flag: --nope\n', 1],
    ['help nope', 'NAME:\n\tetcdctl - ', 'Unknown help topic [`nope`]\n', 0],
    ['help lease grant', 'NAME:\n\tlease grant - Creates leases\n', '', 0],
    ['--debug get a', 'a\n1\n', 'ETCDCTL_DIAL_TIMEOUT=2s\nETCDCTL_DISCOVERY_SRV=\n', 0],
  ])('etcdctl %s', async (args, out, err, exit) => {
    const result = await run(`etcdctl ${args}`);
    expect(result).toEqual({
      out: expect.stringContaining(out) as string,
      err: expect.stringContaining(err) as string,
      exit,
    });
    if (out === '') expect(result.out).toBe('');
    if (err === '') expect(result.err).toBe('');
  });
});

test('without an endpoint no client is made', async () => {
  expect(await run('unset ETCDCTL_ENDPOINTS; etcdctl --endpoints= get a')).toEqual({
    out: '',
    err: 'Error: at least one Endpoint is required in client config\n',
    exit: 2,
  });
});

test('-w fields quotes as Go does', async () => {
  await run("etcdctl put tab 'a\tb\u0001한'");
  expect((await run('etcdctl get tab -w fields')).out).toContain('"Value" : "a\\tb\\x01한"\n');
  await run('etcdctl role add r');
  await run('etcdctl role grant-permission r write f --from-key');
  expect((await run('etcdctl role get r -w fields')).out).toContain('"RangeEnd" : "\\x00"\n');
});

describe('lock and elect', () => {
  test('a lock is held while its command runs, and others wait for it', async () => {
    const { out } = await run(
      "etcdctl lock l -- sh -c 'sleep 3; etcdctl get l/ --prefix --count-only -w fields | tail -1; echo first' > /tmp/log & sleep 1; etcdctl lock l echo second >> /tmp/log; cat /tmp/log; etcdctl get l --prefix",
    );
    expect(out).toBe('"Count" : 2\nfirst\nsecond\n');
  });

  test('a lock is given up on interruption; its session is what is shown', async () => {
    const { out, exit } = await run('timeout 5 etcdctl lock l; etcdctl get l --prefix');
    expect(out).toMatch(/^l\/[0-9a-f]+\n\n$/);
    expect(exit).toBe(0);
  });

  test('a lock is lost with its lease', async () => {
    const { err } = await run(
      '(sleep 1; L=$(etcdctl get l/ --prefix --keys-only | head -1 | cut -d/ -f2); etcdctl lease revoke $L > /dev/null) & etcdctl lock l',
    );
    expect(err).toBe('Error: session expired\n');
  });

  test('the oldest candidate leads, and the next when it resigns', async () => {
    const { out } = await run(
      'timeout 9 etcdctl elect e --listen > /tmp/seen & timeout 3 etcdctl elect e one > /dev/null & sleep 1; timeout 5 etcdctl elect e two > /tmp/two; wait; cut -d/ -f1 /tmp/seen; cut -d/ -f1 /tmp/two; etcdctl get e --prefix',
    );
    expect(out).toBe('e\none\ne\ntwo\ne\ntwo\n');
  });

  test.each([
    ['lock', 'lock takes a lock name argument and an optional command to execute'],
    ['elect', 'elect takes one election name argument and an optional proposal argument'],
    ['elect e', 'no proposal argument but -l not set'],
    ['elect -l e p', 'proposal given but -l is set'],
  ])('etcdctl %s', async (args, message) => {
    expect(await run(`etcdctl ${args}`)).toEqual({ out: '', err: `Error: ${message}\n`, exit: 128 });
  });
});
