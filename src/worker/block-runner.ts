import type { Driver } from './driver.ts';
import { HttpTextError, parseHttpText, prettyJson } from './http-text.ts';
import { appendChunk } from './output-buffer.ts';
import type { BlockProgram, CommandOutput, HttpExchange, OutputChunk, ProgramCut } from './protocol.ts';
import { LAB_USER_AGENT } from './protocol.ts';
import { splitCommands } from './shell-commands.ts';
import type {
  Cluster,
  Context,
  Credentials,
  Editor,
  HttpResponse,
  Shell,
  TerminalInput,
} from './simulator.ts';
import { statusText } from './simulator.ts';

/** How much simulated time one command may wait for. */
const COMMAND_LIMIT = 5 * 60_000;
/** How long an http block listens to a response that does not end by itself, in simulated time. */
const STREAM_LIMIT = 10_000;
/** How many characters of a response an http block reads. */
const BODY_LIMIT = 256 * 1024;

const TOO_MUCH = '출력이 25만 자를 넘어 여기서 끊었다. head나 grep으로 줄여서 본다.';

/** One entry of the log, while it runs. */
export interface RunningEntry {
  readonly driver: Driver;
  readonly editor?: Editor | undefined;
  /** What it reads; missing: no more than the text that it was begun with. */
  readonly terminal?: TerminalInput | undefined;
  /** Where it was cut off when it ran before. */
  readonly cut?: ProgramCut | undefined;
  /** Tells that it has ended, and where it was cut off. */
  end(cut?: ProgramCut): void;
}

/** What a run is given by its lab. */
export interface RunIo {
  /** Cancelled when the reader ends the run. */
  readonly context: Context;
  /** Takes output; gives back what is kept of it: of notes all, of the rest no more than is shown. */
  write(chunk: OutputChunk): OutputChunk;
  /** Puts a line of the block into the log. */
  begin(line: string, stdin: string): RunningEntry;
}

export interface BlockOutcome {
  readonly outputs: readonly CommandOutput[];
  readonly http?: HttpExchange;
}

/** The reader's real time that a program may use, and who is told of it. */
export interface ProgramLimits {
  readonly realTime: () => number;
  readonly onGuest: (running: boolean) => void;
}

/** Runs blocks on a cluster, each kind in its own way. */
export class BlockRunner {
  readonly #cluster: Cluster;
  readonly #shell: Shell;
  readonly #limits: ProgramLimits;

  constructor(cluster: Cluster, shell: Shell, limits: ProgramLimits) {
    this.#cluster = cluster;
    this.#shell = shell;
    this.#limits = limits;
  }

  /** What the reader did wrong is in the outcome; rejects for faults of the lab only. */
  async run(block: BlockProgram, io: RunIo): Promise<BlockOutcome> {
    switch (block.kind) {
      case 'bash': {
        const outputs: CommandOutput[] = [];
        for (const line of splitCommands(block.code)) {
          if (io.context.cancelled) break;
          outputs.push(await this.runLine(line, '', io));
        }
        return { outputs };
      }
      case 'yaml':
        return { outputs: [await this.runLine('kubectl apply -f -', block.code, io)] };
      case 'http':
        return this.#runHttp(block, io);
      case 'ts':
        return { outputs: [await this.#runProgram(block, io)] };
    }
  }

  /** Runs one command of the shell. */
  async runLine(line: string, stdin: string, io: RunIo): Promise<CommandOutput> {
    const { driver, editor, terminal, end } = io.begin(line, stdin);
    const prompt = this.#shell.prompt().trimEnd();
    const chunks: OutputChunk[] = [];
    let flooded = false;
    const write = (chunk: OutputChunk) => {
      const kept = io.write(chunk);
      appendChunk(chunks, kept);
      if (flooded || kept.text.length === chunk.text.length) return;
      // Nobody sees what it writes from here on: it ends as if the reader had ended it now.
      flooded = true;
      appendChunk(chunks, io.write({ stream: 'note', text: TOO_MUCH }));
      driver.stopAfterInstant();
    };
    const context = io.context.child();
    const work = this.#shell.run(line, {
      ...{ stdin: terminal ?? stdin, context },
      // The page has no cursor that could go back to the beginning of a line.
      onOutput: (stream, text) => write({ stream, text: text.replaceAll('\r', '') }),
      ...(editor !== undefined && { editor }),
    });
    const { exit } = await driver.drive(
      work,
      COMMAND_LIMIT,
      () => {
        context.cancel('limit');
        write({ stream: 'note', text: `시뮬레이션 시간 ${COMMAND_LIMIT / 60_000}분이 지나 중단했다.` });
      },
      (text) => write({ stream: 'input', text: text ?? '' }),
    );
    end();
    return { prompt, line, chunks, exit };
  }

  async #runHttp(block: BlockProgram, io: RunIo): Promise<BlockOutcome> {
    const { driver, end } = io.begin(block.code, '');
    const output = (chunk: OutputChunk, exit: number): CommandOutput[] => [
      { prompt: '', line: '', chunks: [io.write(chunk)], exit },
    ];
    try {
      const { method, path, headers, body } = parseHttpText(block.code);
      const sent = this.#send(block.user, { method, path, headers, body });
      const response = await driver.drive(sent, COMMAND_LIMIT, () => {});
      const text = await readBody(response, driver, io.context);
      const http: HttpExchange = {
        status: response.status,
        statusText: statusText(response.status),
        headers: Object.entries(response.headers).flatMap(([name, value]) =>
          (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
        ),
        body: prettyJson(text),
      };
      const shown = `HTTP/1.1 ${http.status} ${http.statusText}\n${http.headers.map(([name, value]) => `${name}: ${value}\n`).join('')}\n${http.body}`;
      return { outputs: output({ stream: 'stdout', text: shown }, response.status < 400 ? 0 : 1), http };
    } catch (error) {
      if (error instanceof HttpTextError)
        return { outputs: output({ stream: 'note', text: error.message }, 2) };
      if (isConnectionError(error)) return { outputs: output({ stream: 'stderr', text: error.message }, 7) };
      throw error;
    } finally {
      end();
    }
  }

  async #runProgram(block: BlockProgram, io: RunIo): Promise<CommandOutput> {
    const { driver, cut, end } = io.begin(block.code, '');
    const { runProgram } = await import('./quickjs/run-program.ts');
    const chunks: OutputChunk[] = [];
    const { clock, etcd, credentials } = this.#cluster;
    const { context } = io;
    const result = await runProgram(block.code, {
      users: [...credentials.keys()],
      user: block.user,
      etcd,
      context,
      write: (stream, text) => appendChunk(chunks, io.write({ stream, text })),
      request: (user, request) => this.#send(user, request),
      kubectl: (line, own) => this.#shell.run(line, { context: own }),
      sleep: (duration) => clock.sleep(duration, { context }),
      until: (work, limit, reason) => driver.drive(work, limit, () => context.cancel(reason)),
      now: () => clock.now(),
      cut,
      ...this.#limits,
    });
    end(result.cut);
    return { prompt: '', line: '', chunks, exit: result.exit };
  }

  /** Sends a request as `user`; a token in the request's own headers takes the credentials' place. */
  #send(
    user: string,
    request: { method: string; path: string; headers: Readonly<Record<string, string>>; body: string },
  ): Promise<HttpResponse> {
    const own = request.headers['authorization'] !== undefined;
    const { certificate, bearerToken }: Credentials = own ? {} : this.#credentials(user);
    return this.#cluster.request({
      ...request,
      headers: {
        'user-agent': LAB_USER_AGENT,
        accept: '*/*',
        ...(bearerToken !== undefined && { authorization: `Bearer ${bearerToken}` }),
        ...request.headers,
      },
      ...(certificate !== undefined && { certificate }),
    });
  }

  #credentials(user: string): Credentials {
    const credentials = this.#cluster.credentials.get(user);
    if (credentials !== undefined) return credentials;
    const names = [...this.#cluster.credentials.keys()].join(', ');
    throw new Error(`no credentials called ${user}: there are ${names}`);
  }
}

async function readBody({ body }: HttpResponse, driver: Driver, context: Context): Promise<string> {
  if (typeof body === 'string') return body;
  let text = '';
  const reading = (async () => {
    for await (const piece of body) {
      text += piece;
      if (text.length > BODY_LIMIT) body.cancel();
    }
  })();
  const release = context.onCancel(() => body.cancel());
  await driver.drive(reading, STREAM_LIMIT, () => body.cancel());
  release();
  return text;
}

function isConnectionError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ConnectionError';
}
