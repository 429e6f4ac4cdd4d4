import { canonicalHeader } from '../../../apimachinery/canonical-header.ts';
import {
  ConnectionError,
  type HttpHeaders,
  type HttpResponse,
  headerOf,
} from '../../../apimachinery/http.ts';
import { statusText } from '../../../apimachinery/http-status.ts';
import { encodeBase64 } from '../../../crypto/encoding/base64.ts';
import { encodeUtf8 } from '../../../crypto/encoding/utf8.ts';
import { type KeyPair, KeyPairError, keyPair } from '../../../crypto/tls/key-pair.ts';
import { Pem } from '../../../crypto/x509/pem.ts';
import { utf8Length } from '../../../node/file-content.ts';
import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import type { Command, CommandEnvironment, CommandIo } from '../../command.ts';
import { CurlError, connectionFailure } from './errors.ts';
import type { CurlNetwork } from './network.ts';
import { type CurlOptions, CurlUsageError, parseCurl } from './options.ts';
import { parseUrl, type Url } from './url.ts';

const VERSION = '8.5.0';
const MAX_REDIRECTS = 50;

/** curl on the simulated network. */
export function createCurl(network: CurlNetwork): Command {
  return {
    name: 'curl',
    async run(args, io, environment) {
      let options;
      try {
        options = parseCurl(args);
      } catch (error) {
        if (!(error instanceof CurlUsageError)) throw error;
        io.stderr(
          `curl: ${error.message}\ncurl: try 'curl --help' or 'curl --manual' for more information\n`,
        );
        return 2;
      }
      if (options.version) {
        io.stdout(`curl ${VERSION} (x86_64-pc-linux-gnu) libcurl/${VERSION} OpenSSL/3.0.13\n`);
        return 0;
      }
      if (options.help) {
        io.stdout('Usage: curl [options...] <url>\n');
        return 0;
      }
      if (options.urls.length === 0) {
        io.stderr(
          "curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
        );
        return 2;
      }
      let exit = 0;
      for (const url of options.urls) {
        exit = await transfer(url, options, network, io, environment);
        if (environment.context.cancelled) return 130;
      }
      return exit;
    },
  };
}

async function transfer(
  text: string,
  options: CurlOptions,
  network: CurlNetwork,
  io: CommandIo,
  environment: CommandEnvironment,
): Promise<number> {
  try {
    return await new Transfer(options, network, io, environment).run(text);
  } catch (error) {
    if (!(error instanceof CurlError)) throw error;
    if (!options.silent || options.showError) io.stderr(`curl: (${error.code}) ${error.message}\n`);
    return error.code;
  }
}

class Transfer {
  readonly #options: CurlOptions;
  readonly #network: CurlNetwork;
  readonly #io: CommandIo;
  readonly #environment: CommandEnvironment;
  #received = 0;

  constructor(options: CurlOptions, network: CurlNetwork, io: CommandIo, environment: CommandEnvironment) {
    this.#options = options;
    this.#network = network;
    this.#io = io;
    this.#environment = environment;
  }

  async run(text: string): Promise<number> {
    const { clock } = this.#environment;
    const start = clock.now();
    let url = parseUrl(text);
    let response = await this.#request(url);
    for (let count = 0; this.#options.follow && isRedirect(response); count++) {
      if (count === MAX_REDIRECTS) throw new CurlError(47, `Maximum (${MAX_REDIRECTS}) redirects followed`);
      url = redirected(url, headerOf(response.headers, 'location')!);
      response = await this.#request(url);
    }
    const { fail } = this.#options;
    const failed = response.status >= 400 && fail !== 'no';
    const output = this.#output(url);
    if (this.#options.include || this.#options.head) output(headText(url, response));
    if (!this.#options.head && !(failed && fail === 'silent')) await this.#body(response, output);
    if (this.#options.verbose) this.#io.stderr(`* Connection #0 to host ${url.host} left intact\n`);
    if (this.#options.writeOut !== undefined)
      this.#io.stdout(
        writtenOut(this.#options.writeOut, response, this.#received, clock.now() - start, text),
      );
    if (failed) throw new CurlError(22, `The requested URL returned error: ${response.status}`);
    return this.#environment.context.cancelled ? 130 : 0;
  }

  async #request(url: Url): Promise<HttpResponse> {
    const { machine } = this.#environment;
    const { options, method, path, body, headers } = await this.#message(url);
    const pair = url.scheme === 'https' ? this.#keyPair() : undefined;
    const tls = {
      ...(options.authority !== undefined && {
        rootCAs: Pem.ofText(this.#certificates(options.authority)).pool,
      }),
      ...(options.insecure && { insecureSkipVerify: true }),
      ...(pair !== undefined && { keyPair: pair }),
    };
    const server = `${url.scheme}://${url.host}:${url.port}`;
    if (options.verbose) this.#io.stderr(`*   Trying ${url.host}:${url.port}...\n`);
    const send = this.#network.transport(machine, server, tls)({ method, path, headers, body });
    let response: HttpResponse;
    try {
      response = await this.#withinTime(send);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      throw connectionFailure(error, url);
    }
    if (options.verbose) this.#io.stderr(conversation(url, method, path, headers, response));
    return response;
  }

  async #message(url: Url) {
    const options = this.#options;
    const pieces: string[] = [];
    for (const piece of options.data) pieces.push(await this.#dataText(piece));
    const data = pieces.join('&');
    const upload = options.upload === undefined ? undefined : await this.#read(options.upload, 26);
    const sendsData = options.data.length > 0 && !options.get;
    const method =
      options.method ?? (options.head ? 'HEAD' : upload !== undefined ? 'PUT' : sendsData ? 'POST' : 'GET');
    const query = options.get && data !== '' ? `${url.path.includes('?') ? '&' : '?'}${data}` : '';
    const body = upload ?? (sendsData ? data : '');
    const headers: Record<string, string> = {
      host: url.port === (url.scheme === 'https' ? 443 : 80) ? url.host : `${url.host}:${url.port}`,
      'user-agent': options.userAgent ?? `curl/${VERSION}`,
      accept: '*/*',
    };
    const user = options.user ?? url.user;
    if (user !== undefined) headers.authorization = `Basic ${encodeBase64(encodeUtf8(user))}`;
    if (sendsData) headers['content-type'] = 'application/x-www-form-urlencoded';
    if (body !== '') headers['content-length'] = String(body.length);
    for (const line of options.headers) {
      const colon = line.indexOf(':');
      if (colon < 0) continue;
      const name = line.slice(0, colon).trim().toLowerCase();
      const value = line.slice(colon + 1).trim();
      if (value === '') delete headers[name];
      else headers[name] = value;
    }
    return { options, method, path: url.path + query, body, headers };
  }

  async #dataText({ text, raw, encode }: CurlOptions['data'][number]): Promise<string> {
    if (encode) {
      const equals = text.indexOf('=');
      const [name, value] = equals < 0 ? ['', text] : [text.slice(0, equals + 1), text.slice(equals + 1)];
      return name + encodeURIComponent(value);
    }
    if (raw || !text.startsWith('@')) return text;
    return this.#read(text.slice(1), 26);
  }

  async #read(path: string, code: number): Promise<string> {
    if (path === '-') return this.#io.stdin.readAll();
    const { machine, cwd } = this.#environment;
    try {
      return machine.files.read(resolvePath(cwd, path));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new CurlError(code, `Failed to open ${path}`);
    }
  }

  #certificates(path: string): string {
    const { machine, cwd } = this.#environment;
    try {
      return machine.files.read(resolvePath(cwd, path));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new CurlError(77, `error setting certificate file: ${path}`);
    }
  }

  #keyPair(): KeyPair | undefined {
    const { certificate, key } = this.#options;
    if (certificate === undefined) return undefined;
    const { machine, cwd } = this.#environment;
    const pem = (path: string, what: string) => {
      try {
        return machine.files.read(resolvePath(cwd, path));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        throw new CurlError(
          58,
          what === 'certificate'
            ? `could not load PEM client certificate from ${path}, OpenSSL error error:80000002:system library::No such file or directory, (no key found, wrong pass phrase, or wrong file format?)`
            : `unable to set private key file: '${path}' type PEM`,
        );
      }
    };
    const files = [pem(certificate, 'certificate'), pem(key ?? certificate, 'key')] as const;
    try {
      return keyPair(Pem.ofText(files[0]), Pem.ofText(files[1]));
    } catch (error) {
      if (!(error instanceof KeyPairError)) throw error;
      throw new CurlError(58, `unable to set private key file: '${key ?? certificate}' type PEM`);
    }
  }

  async #withinTime(send: Promise<HttpResponse>): Promise<HttpResponse> {
    const { maxTime } = this.#options;
    const { clock, context } = this.#environment;
    const late = new Promise<never>((_, reject) => {
      if (maxTime !== undefined)
        clock.schedule(maxTime, () =>
          reject(
            new CurlError(28, `Operation timed out after ${maxTime} milliseconds with 0 bytes received`),
          ),
        );
      context.onCancel(() => reject(new CurlError(130, '')));
    });
    return Promise.race([send, late]);
  }

  async #body({ body }: HttpResponse, output: (text: string) => void): Promise<void> {
    if (typeof body === 'string') {
      this.#received += utf8Length(body);
      return output(body);
    }
    const { clock, context } = this.#environment;
    const { maxTime } = this.#options;
    let timedOut = false;
    const detach = context.onCancel(() => body.cancel());
    const timer =
      maxTime === undefined
        ? undefined
        : clock.schedule(maxTime, () => {
            timedOut = true;
            body.cancel();
          });
    for await (const piece of body) {
      this.#received += utf8Length(piece);
      output(piece);
    }
    timer?.cancel();
    detach();
    if (timedOut) {
      throw new CurlError(
        28,
        `Operation timed out after ${maxTime} milliseconds with ${this.#received} bytes received`,
      );
    }
  }

  #output({ path }: Url): (text: string) => void {
    const { output, remoteName } = this.#options;
    const name = output ?? (remoteName ? path.split('?')[0]!.split('/').at(-1) : undefined);
    if (name === undefined || name === '-') return (text) => this.#io.stdout(text);
    if (name === '') throw new CurlError(23, 'Remote file name has no length');
    const { machine, cwd } = this.#environment;
    const target = resolvePath(cwd, name);
    const attempt = (work: () => void) => {
      try {
        work();
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        throw new CurlError(23, 'Failure writing output to destination');
      }
    };
    attempt(() => machine.files.write(target, ''));
    return (text) => attempt(() => machine.files.append(target, text));
  }
}

function isRedirect({ status, headers }: HttpResponse): boolean {
  return status >= 300 && status < 400 && headerOf(headers, 'location') !== undefined;
}

function redirected(url: Url, location: string): Url {
  return /^[a-z]+:\/\//i.test(location)
    ? parseUrl(location)
    : { ...url, path: location.startsWith('/') ? location : `/${location}` };
}

/** The status line and headers as -i shows them: HTTP/2 over TLS, HTTP/1.1 else. */
function headText({ scheme }: Url, { status, headers }: HttpResponse): string {
  return `${statusLine(scheme, status)}\r\n${headerLines(headers, scheme)
    .map((line) => `${line}\r\n`)
    .join('')}\r\n`;
}

function statusLine(scheme: string, status: number): string {
  return scheme === 'https' ? `HTTP/2 ${status} ` : `HTTP/1.1 ${status} ${statusText(status)}`.trim();
}

function headerLines(headers: HttpHeaders, scheme: string): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : (value ?? [])).map(
      (one) => `${scheme === 'https' ? name : canonicalHeader(name)}: ${one}`,
    ),
  );
}

/** What -v says of a request and its answer. */
function conversation(
  { scheme, host, port }: Url,
  method: string,
  path: string,
  headers: HttpHeaders,
  { status, headers: answered }: HttpResponse,
): string {
  const version = scheme === 'https' ? 'HTTP/2' : 'HTTP/1.1';
  const sent = Object.entries(headers).map(
    ([name, value]) => `> ${name === 'user-agent' ? 'User-Agent' : canonicalHeader(name)}: ${String(value)}`,
  );
  return [
    `* Connected to ${host} (${host}) port ${port}`,
    `> ${method} ${path} ${version}`,
    ...sent,
    '> ',
    `< ${statusLine(scheme, status)}`,
    ...headerLines(answered, scheme).map((line) => `< ${line}`),
    '< ',
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** The text of -w with its variables filled in. */
function writtenOut(
  format: string,
  { status, headers }: HttpResponse,
  size: number,
  milliseconds: number,
  url: string,
): string {
  const seconds = (milliseconds / 1000).toFixed(6);
  const values: Readonly<Record<string, string>> = {
    http_code: String(status),
    response_code: String(status),
    content_type: headerOf(headers, 'content-type') ?? '',
    size_download: String(size),
    time_total: seconds,
    time_connect: '0.000000',
    url_effective: url,
    exitcode: '0',
  };
  return format
    .replace(/%\{([a-z_]+)\}/g, (_, name: string) => values[name] ?? '')
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t');
}
