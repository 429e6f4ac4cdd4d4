import { createServer } from 'node:http';
import { runStep } from './run.mts';
import { serveDirectory } from './static-server.mts';

const DEFAULT_PORT = 3000;

/** `npm start [-- --port N]`: builds the site and serves it on localhost. */
async function main(): Promise<void> {
  const port = portFrom(process.argv.slice(2));
  if (port === undefined) {
    process.stderr.write('사용법: npm start -- --port N (1에서 65535 사이의 수)\n');
    process.exitCode = 2;
    return;
  }
  if (!(await isFree(port))) {
    process.stderr.write(
      `포트 ${port}번을 다른 프로그램이 쓰고 있다. 다른 포트로 시작해 보자: npm start -- --port ${port + 1}\n`,
    );
    process.exitCode = 1;
    return;
  }
  const build = await runStep(
    { name: 'build', command: 'tsx', args: ['tools/build.mts'] },
    process.env.SITE_URL === undefined ? { SITE_URL: `http://localhost:${port}` } : {},
  );
  if (build.exit !== 0) {
    process.exitCode = build.exit;
    return;
  }
  const baseUrl = process.env.BASE_URL ?? '/';
  await serveDirectory('build', { port, baseUrl });
  process.stdout.write(`\nhttp://localhost:${port}${baseUrl}\n멈추려면 Ctrl+C를 누른다.\n`);
}

/** The wanted port; undefined if the arguments are not understood. */
function portFrom(args: readonly string[]): number | undefined {
  if (args.length === 0) return DEFAULT_PORT;
  const text = args[0] === '--port' && args.length === 2 ? args[1] : /^--port=(.*)$/.exec(args[0]!)?.[1];
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65536 ? port : undefined;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, 'localhost', () => probe.close(() => resolve(true)));
  });
}

await main();
