import type { HttpResponse } from '../../../apimachinery/http.ts';
import { ConnectionError, wholeBody } from '../../../apimachinery/http.ts';
import { statusText } from '../../../apimachinery/http-status.ts';
import type { Clock } from '../../../clock/clock.ts';
import { handshake } from '../../../crypto/tls/handshake.ts';
import { Pem } from '../../../crypto/x509/pem.ts';
import { FileError } from '../../../node/file-system.ts';
import type { Listener } from '../../../node/network.ts';
import { baseName, resolvePath } from '../../../node/path.ts';
import type { Program, ProgramEnvironment } from '../../../node/program.ts';
import { askDns, resolvConf, resolveHost } from '../dns.ts';
import { parseOptions } from '../options.ts';

interface Url {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

function parseUrl(text: string): Url {
  const match = /^(?:(https?):\/\/)?(?:[^@/]*@)?([^/:?]+)(?::(\d+))?(\/[^#]*|\?[^#]*)?/.exec(text);
  const [, scheme = 'http', host = '', port, path = '/'] = match ?? [];
  return {
    scheme,
    host,
    port: Number(port ?? (scheme === 'https' ? 443 : 80)),
    path: path.startsWith('/') ? path : `/${path}`,
  };
}

/** How long a client waits for a machine that does not answer, if nobody says otherwise. */
const CONNECT_TIMEOUT_MS = 130_000;

type Outcome =
  | { readonly response: HttpResponse; readonly address: string }
  | { readonly problem: 'resolve' | 'refused' | 'timeout' | 'tls' | 'reset'; readonly address: string };

interface Ask {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** PEM texts of authorities; undefined: trust everybody. */
  readonly trust: string | undefined;
  readonly timeout: number;
}

/** Whether a server speaks TLS with a certificate that `trust` vouches for. */
async function isTrusted(
  { tls }: Listener,
  host: string,
  trust: string | undefined,
  clock: Clock,
): Promise<boolean> {
  if (tls === undefined) return false;
  const rootCAs = Pem.ofText(trust ?? '').pool;
  const client = { serverName: host, rootCAs, insecureSkipVerify: trust === undefined };
  return (await handshake(client, tls, clock)).ok;
}

async function fetchUrl(environment: ProgramEnvironment, url: Url, ask: Ask): Promise<Outcome> {
  const { machine, clock, killed } = environment;
  const found = await resolveHost(environment, url.host);
  if (!('addresses' in found) || found.addresses[0] === undefined) return { problem: 'resolve', address: '' };
  const address = reach(environment, found.addresses[0]);
  try {
    const listener: Listener = await machine.network.reach(address, url.port);
    if (url.scheme === 'https' && !(await isTrusted(listener, url.host, ask.trust, clock)))
      return { problem: 'tls', address };
    const response = await listener.handler({
      method: ask.method,
      path: url.path,
      headers: {
        host: url.port === 80 || url.port === 443 ? url.host : `${url.host}:${url.port}`,
        accept: '*/*',
        ...ask.headers,
      },
      body: ask.body,
      remoteAddress: environment.address,
    });
    return { response, address };
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    if (error.reason !== 'timeout') return { problem: error.reason, address };
    await clock.sleep(ask.timeout, { context: killed, periodic: ask.timeout > 60_000 });
    return { problem: 'timeout', address };
  }
}

/** 127.0.0.1 is the pod's own. */
function reach({ address, machine }: ProgramEnvironment, host: string): string {
  return host.startsWith('127.') && address !== machine.address ? address : host;
}

const wget: Program = async (environment) => {
  const { argv, stdout, stderr, files, cwd } = environment;
  const { flags, values, lists, operands } = parseOptions(argv.slice(1), [
    'O',
    'T',
    'P',
    'header',
    'timeout',
    'post-data',
    'U',
    'o',
  ]);
  const url = parseUrl(operands[0] ?? '');
  const quiet = flags.has('q') || flags.has('quiet');
  const seconds = Number(values.get('T') ?? values.get('timeout') ?? NaN);
  const outcome = await fetchUrl(environment, url, {
    method: values.has('post-data') ? 'POST' : 'GET',
    headers: { 'user-agent': 'Wget', ...headersOf(lists.get('header') ?? []) },
    body: values.get('post-data') ?? '',
    trust: undefined,
    timeout: Number.isNaN(seconds) ? CONNECT_TIMEOUT_MS : seconds * 1000,
  });
  if ('problem' in outcome) {
    const { problem, address } = outcome;
    if (problem === 'resolve') stderr(`wget: bad address '${url.host}'\n`);
    else {
      if (!quiet) stderr(`Connecting to ${url.host} (${address}:${url.port})\n`);
      stderr(
        problem === 'timeout' && !Number.isNaN(seconds)
          ? 'wget: download timed out\n'
          : `wget: can't connect to remote host (${address}): ${problem === 'timeout' ? 'Operation timed out' : 'Connection refused'}\n`,
      );
    }
    return 1;
  }
  const { response, address } = outcome;
  if (!quiet) stderr(`Connecting to ${url.host} (${address}:${url.port})\n`);
  if (response.status >= 400) {
    stderr(`wget: server returned error: HTTP/1.1 ${response.status} ${statusText(response.status)}\n`);
    return 1;
  }
  if (flags.has('spider')) {
    if (!quiet) stderr('remote file exists\n');
    return 0;
  }
  const text = await wholeBody(response);
  const target = values.get('O') ?? (baseName(url.path) || 'index.html');
  const shown = target === '-' ? 'stdout' : `'${target}'`;
  if (target === '-') stdout(text);
  else if (target !== '/dev/null') {
    const path = resolvePath(cwd, target);
    if (!values.has('O') && files.exists(path)) {
      stderr(`wget: can't open '${target}': File exists\n`);
      return 1;
    }
    files.write(path, text);
  }
  if (!quiet) {
    const bar = '*'.repeat(32);
    stderr(
      `${target === '-' ? 'writing to stdout' : `saving to ${shown}`}\n${target.slice(0, 20).padEnd(20)} 100% |${bar}| ${String(text.length).padStart(5)}  0:00:00 ETA\n${target === '-' ? 'written to stdout' : `${shown} saved`}\n`,
    );
  }
  return 0;
};

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

const CURL_VALUES = ['o', 'w', 'H', 'X', 'd', 'm', 'u', 'A', 'max-time', 'connect-timeout', 'cacert', 'cert', 'key', 'request', 'header', 'data', 'output', 'write-out', 'retry', 'retry-delay', 'resolve', 'E', 'url', 'user-agent', 'data-raw']; // prettier-ignore

const curl: Program = async (environment) => {
  const { argv, stdout, stderr, files, cwd, clock } = environment;
  const { flags, values, lists, operands } = parseOptions(argv.slice(1), CURL_VALUES);
  const value = (...names: string[]) =>
    names.map((name) => values.get(name)).find((one) => one !== undefined);
  const has = (...names: string[]) => names.some((name) => flags.has(name));
  const [address = value('url')] = operands;
  if (address === undefined) {
    stderr("curl: try 'curl --help' or 'curl --manual' for more information\n");
    return 2;
  }
  const url = parseUrl(address);
  const quiet = has('s', 'silent') && !has('S', 'show-error');
  const fail = (code: number, message: string) => {
    if (!quiet) stderr(`curl: (${code}) ${message}\n`);
    return code;
  };
  const data = value('d', 'data', 'data-raw');
  const authority = value('cacert');
  let trust: string | undefined;
  try {
    trust = has('k', 'insecure')
      ? undefined
      : authority === undefined
        ? ''
        : files.read(resolvePath(cwd, authority));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return fail(
      77,
      `error setting certificate verify locations:  CAfile: ${authority} CApath: /etc/ssl/certs`,
    );
  }
  const seconds = Number(value('m', 'max-time', 'connect-timeout') ?? NaN);
  const started = clock.now();
  const outcome = await fetchUrl(environment, url, {
    method: value('X', 'request') ?? (has('I', 'head') ? 'HEAD' : data === undefined ? 'GET' : 'POST'),
    headers: {
      'user-agent': value('A', 'user-agent') ?? 'curl/8.14.1',
      ...(data !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headersOf([...(lists.get('H') ?? []), ...(lists.get('header') ?? [])]),
    },
    body: data ?? '',
    trust,
    timeout: Number.isNaN(seconds) ? CONNECT_TIMEOUT_MS : seconds * 1000,
  });
  const writeOut = (status: number) => {
    const format = value('w', 'write-out');
    if (format === undefined) return;
    const code = String(status).padStart(3, '0');
    stdout(
      format
        .replace(/%\{(?:http_code|response_code)\}/g, code)
        .replaceAll('\\n', '\n')
        .replace(/%\{time_total\}/g, ((clock.now() - started) / 1000).toFixed(6)),
    );
  };
  if ('problem' in outcome) {
    writeOut(0);
    const took = clock.now() - started;
    switch (outcome.problem) {
      case 'resolve':
        return fail(6, `Could not resolve host: ${url.host}`);
      case 'tls':
        return url.scheme === 'https' && trust !== undefined
          ? fail(60, 'SSL certificate problem: unable to get local issuer certificate')
          : fail(35, 'TLS connect error: error:0A00010B:SSL routines::wrong version number');
      case 'timeout':
        return fail(
          28,
          Number.isNaN(seconds)
            ? `Failed to connect to ${url.host} port ${url.port} after ${took} ms: Could not connect to server`
            : `Connection timed out after ${took} milliseconds`,
        );
      case 'reset':
        return fail(52, 'Empty reply from server');
      default:
        return fail(
          7,
          `Failed to connect to ${url.host} port ${url.port} after ${took} ms: Could not connect to server`,
        );
    }
  }
  const { response } = outcome;
  if (has('f', 'fail') && response.status >= 400) {
    writeOut(response.status);
    return fail(22, `The requested URL returned error: ${response.status}`);
  }
  const head = `HTTP/1.1 ${response.status} ${statusText(response.status)}\n${Object.entries(response.headers)
    .map(([name, text]) => `${name}: ${String(text)}\n`)
    .join('')}\n`;
  const text = has('I', 'head') ? head : `${has('i', 'include') ? head : ''}${await wholeBody(response)}`;
  const target = value('o', 'output') ?? (has('O', 'remote-name') ? baseName(url.path) : undefined);
  if (target === undefined || target === '-') stdout(text);
  else if (target !== '/dev/null') files.write(resolvePath(cwd, target), text);
  writeOut(response.status);
  return 0;
};

const nslookup: Program = async (environment) => {
  const { argv, stdout } = environment;
  const names = argv.slice(1).filter((arg) => !arg.startsWith('-'));
  const nameserver = names[1] ?? resolvConf(environment).nameserver ?? '127.0.0.1';
  const found = await askDns(environment, names[0] ?? '');
  if ('problem' in found && found.problem === 'timeout') {
    stdout(';; connection timed out; no servers could be reached\n\n');
    return 1;
  }
  stdout(`Server:\t\t${nameserver}\nAddress:\t${nameserver}:53\n\n`);
  if ('addresses' in found) {
    stdout(`${found.addresses.map((address) => `Name:\t${found.name}\nAddress: ${address}\n`).join('')}\n`);
    return 0;
  }
  stdout(`** server can't find ${found.name}: ${found.problem}\n\n`);
  return 1;
};

const nc: Program = async (environment) => {
  const { argv, machine, stderr, clock, killed } = environment;
  const { flags, values, operands } = parseOptions(argv.slice(1), ['w', 'p']);
  if (flags.has('l')) {
    const port = Number(values.get('p') ?? operands.at(-1));
    const stop = machine.network.listen(environment.address, port, {
      handler: () => Promise.reject(new ConnectionError('reset', 'EOF')),
    });
    killed.onCancel(stop);
    await new Promise<void>((resolve) => void killed.onCancel(() => resolve()));
    return 0;
  }
  const [host = '', port = ''] = operands;
  const found = await resolveHost(environment, host);
  if (!('addresses' in found)) {
    stderr(`nc: bad address '${host}'\n`);
    return 1;
  }
  const address = reach(environment, found.addresses[0]!);
  try {
    await machine.network.reach(address, Number(port));
    if (flags.has('v')) stderr(`${host} (${address}:${port}) open\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    if (error.reason === 'timeout')
      await clock.sleep(Number(values.get('w') ?? 127) * 1000, { context: killed, periodic: true });
    const why = error.reason === 'timeout' ? 'Operation timed out' : 'Connection refused';
    if (flags.has('v') || !flags.has('z')) stderr(`nc: ${host} (${address}:${port}): ${why}\n`);
    return 1;
  }
};

const ping: Program = async (environment) => {
  const { argv, stdout, stderr, machine, clock, killed } = environment;
  const { values, operands } = parseOptions(argv.slice(1), ['c', 'w', 'W', 'i']);
  const [host = ''] = operands;
  const found = await resolveHost(environment, host);
  if (!('addresses' in found)) {
    stderr(`ping: bad address '${host}'\n`);
    return 1;
  }
  const [address = ''] = found.addresses;
  const count = Number(values.get('c') ?? Infinity);
  stdout(`PING ${host} (${address}): 56 data bytes\n`);
  let received = 0;
  let sent = 0;
  for (; sent < count && !killed.cancelled; sent++) {
    if (sent > 0) await clock.sleep(1000, { context: killed, periodic: count > 60 });
    if (!machine.network.reaches(address)) continue;
    received++;
    stdout(`64 bytes from ${address}: seq=${sent} ttl=63 time=0.${100 + ((sent * 37) % 80)} ms\n`);
  }
  const lost = sent === 0 ? 0 : Math.round(((sent - received) / sent) * 100);
  stdout(
    `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${received} packets received, ${lost}% packet loss\n`,
  );
  return received > 0 ? 0 : 1;
};

export const NETWORK: Readonly<Record<string, Program>> = { curl, nc, nslookup, ping, wget };
