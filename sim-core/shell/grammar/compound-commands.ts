import { runConditional } from './conditional-command.ts';
import { ExpansionProblem, Leave } from './leave.ts';
import { patternMatcher } from './pattern.ts';
import type { ShellProcess } from './shell-process.ts';
import type { Arithmetic, CommandNode, Statement } from './syntax.ts';

export type CompoundCommand = Exclude<CommandNode, { type: 'SimpleCommand' | 'FunctionDef' }>;

/** Loops, choices, groups and subshells of one shell. */
export class CompoundCommands {
  readonly #shell: ShellProcess;
  #loops = 0;

  constructor(shell: ShellProcess) {
    this.#shell = shell;
  }

  /** How many loops run, one in the other. */
  get loops(): number {
    return this.#loops;
  }

  /** Gives the exit code; the command's redirections are open. */
  async run(node: CompoundCommand): Promise<number> {
    const shell = this.#shell;
    switch (node.type) {
      case 'If':
        for (const { condition, body } of node.clauses) {
          if ((await this.#condition(condition)) === 0) return shell.script(body);
        }
        return node.elseBody === null ? 0 : shell.script(node.elseBody);
      case 'While':
      case 'Until':
        return this.#loop(node.body, async () => {
          const holds = (await this.#condition(node.condition)) === 0;
          return holds === (node.type === 'While');
        });
      case 'For': {
        const words =
          node.words === null ? [...shell.session.positional] : await shell.words.fields(node.words);
        let index = 0;
        return this.#loop(node.body, async () => {
          if (index >= words.length) return false;
          shell.variables.set(node.variable, words[index++]!);
          return true;
        });
      }
      case 'CStyleFor': {
        let first = true;
        if (node.init !== null) await shell.words.arithmetic(node.init);
        return this.#loop(node.body, async () => {
          if (!first && node.update !== null) await shell.words.arithmetic(node.update);
          first = false;
          return node.condition === null || (await shell.words.arithmetic(node.condition)) !== 0n;
        });
      }
      case 'Case':
        return this.#case(node);
      case 'Group':
        return shell.script(node.body);
      case 'Subshell': {
        if (!(await shell.host.forks.begin(shell))) return 254;
        try {
          return await shell.fork(shell.descriptors).run({ type: 'Script', statements: node.body });
        } finally {
          shell.host.forks.end();
        }
      }
      case 'ArithmeticCommand':
        return this.#arithmetic(node.expression);
      case 'ConditionalCommand':
        return runConditional(shell, node.expression);
    }
  }

  async #arithmetic(expression: Arithmetic): Promise<number> {
    try {
      return Number((await this.#shell.words.arithmetic(expression)) === 0n);
    } catch (error) {
      if (!(error instanceof ExpansionProblem)) throw error;
      this.#shell.say(`((: ${error.message}`);
      return 1;
    }
  }

  async #condition(statements: readonly Statement[]): Promise<number> {
    return this.#shell.tested(() => this.#shell.script(statements));
  }

  async #loop(body: readonly Statement[], goesOn: () => Promise<boolean>): Promise<number> {
    let status = 0;
    this.#loops++;
    try {
      for (;;) {
        await this.#shell.tick();
        try {
          if (!(await goesOn())) return status;
          status = await this.#shell.script(body);
        } catch (error) {
          if (!(error instanceof Leave) || error.from !== 'loop') throw error;
          if (error.depth > 1 && this.#loops > 1)
            throw new Leave('loop', error.status, error.depth - 1, error.goesOn);
          status = error.status;
          if (!error.goesOn) return status;
        }
      }
    } finally {
      this.#loops--;
    }
  }

  async #case(node: Extract<CommandNode, { type: 'Case' }>): Promise<number> {
    const text = await this.#shell.words.text(node.word);
    const flags = this.#shell.session.options.has('nocasematch') ? 'i' : '';
    let status = 0;
    let falls = false;
    for (const { patterns, body, terminator } of node.items) {
      let matches = falls;
      for (const pattern of patterns)
        matches ||= patternMatcher(await this.#shell.words.pattern(pattern), flags).test(text);
      if (!matches) continue;
      status = await this.#shell.script(body);
      if (terminator === ';;') return status;
      falls = terminator === ';&';
    }
    return status;
  }
}
