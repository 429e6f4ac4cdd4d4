import { spawn } from 'node:child_process';
import { delimiter, resolve as resolvePath } from 'node:path';

/** One step of a longer command. */
export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

export interface StepResult {
  readonly name: string;
  readonly exit: number;
  readonly seconds: number;
}

/** Runs a step with its output on ours; resolves with its exit code and how long it took. */
export function runStep(step: Step, environment: NodeJS.ProcessEnv = {}): Promise<StepResult> {
  const started = process.hrtime.bigint();
  return new Promise((resolve) => {
    const child = spawn(step.command, step.args, {
      stdio: 'inherit',
      env: {
        ...process.env,
        PATH: `${resolvePath('node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`,
        NO_UPDATE_NOTIFIER: '1',
        ...environment,
      },
    });
    const finish = (exit: number) =>
      resolve({ name: step.name, exit, seconds: Number(process.hrtime.bigint() - started) / 1e9 });
    child.on('error', (error) => {
      process.stderr.write(`${step.name}: ${error.message}\n`);
      finish(1);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}

/** Runs the steps one after another, all of them, and prints how each ended. Returns the failures. */
export async function runSteps(steps: readonly Step[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    process.stdout.write(`\n▸ ${step.name}\n`);
    results.push(await runStep(step));
  }
  process.stdout.write('\n');
  for (const { name, exit, seconds } of results) {
    process.stdout.write(`${exit === 0 ? 'ok  ' : 'FAIL'}  ${name}  ${seconds.toFixed(1)} s\n`);
  }
  return results.filter((result) => result.exit !== 0);
}
