import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpRequest, HttpResponse, HttpStream } from '../../sim-core/apimachinery/http.ts';
import type { Certificate } from '../../sim-core/crypto/x509/certificate.ts';
import type { Answer, Scenario, Step } from './recording.ts';
import type { Target } from './replay.ts';
import { replay } from './replay.ts';

/**
 * `npx tsx tests/golden/record.mts KUBECONFIG FILE…` asks a real kube-apiserver each scenario's requests, in the
 * way that the tests ask ours, and writes its answers into the files. The kubeconfig holds the administrator's
 * certificate (`*-data` fields); the server is a fresh one, with no controllers, nodes or kubelets.
 */
const [kubeconfig, ...files] = process.argv.slice(2);
if (kubeconfig === undefined || files.length === 0) {
  process.stderr.write('usage: npx tsx tests/golden/record.mts KUBECONFIG FILE…\n');
  process.exit(2);
}

const target = realServer(kubeconfig);
for (const file of files) {
  const scenario = JSON.parse(readFileSync(file, 'utf8')) as Scenario;
  const answers = await replay(target, scenario);
  const steps = scenario.steps.map((step, index) => ({ ...step, response: answers[index]! }));
  writeFileSync(file, scenarioText({ ...scenario, steps }));
  process.stdout.write(`${file}: ${steps.length} steps\n`);
}
process.exit(0);

/** One step a line: a changed answer is a changed line. */
function scenarioText({ steps, ...head }: Scenario): string {
  const lines = steps.map((step: Step & { response: Answer }) => `  ${JSON.stringify(step)}`);
  return `${JSON.stringify(head, undefined, 1).slice(0, -2)},\n "steps": [\n${lines.join(',\n')}\n ]\n}\n`;
}

function realServer(file: string): Target {
  const text = readFileSync(file, 'utf8');
  const word = (name: string) => new RegExp(`${name}: "?([^\\s",}]+)`).exec(text)![1]!;
  const data = (name: string) => Buffer.from(word(`${name}-data`), 'base64');
  const ca = data('certificate-authority');
  const anonymous = new Agent({ ca });
  const admin = new Agent({ keepAlive: true, ca, cert: data('client-certificate'), key: data('client-key') });
  return {
    clock: {
      now: () => Date.now(),
      advance: (ms) => sleep(ms),
      advanceTo: (time) => sleep(time - Date.now()),
      until: (promise) => promise,
    },
    handle: (message) =>
      send(new URL(message.path, word('server')), message, message.certificate ? admin : anonymous),
    // Only says that a step is the administrator's: the connection has the certificate.
    admin: {} as Certificate,
  };
}

function send(url: URL, { method, headers, body }: HttpRequest, agent: Agent): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers: headers as Record<string, string> }, (answer) => {
      answer.setEncoding('utf8');
      const stream: HttpStream = {
        async *[Symbol.asyncIterator]() {
          try {
            yield* answer as AsyncIterable<string>;
          } catch (error) {
            if (!answer.destroyed) throw error;
          }
        },
        cancel: () => void answer.destroy(),
      };
      const response = { status: answer.statusCode!, headers: answer.headers };
      if (url.searchParams.has('watch')) resolve({ ...response, body: stream });
      else textOf(stream).then((whole) => resolve({ ...response, body: whole }), reject);
    });
    sent.on('error', reject);
    if (body !== '') sent.setHeader('content-length', Buffer.byteLength(body));
    sent.end(body);
  });
}

async function textOf(stream: HttpStream): Promise<string> {
  let text = '';
  for await (const piece of stream) text += piece;
  return text;
}
