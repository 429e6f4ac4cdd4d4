import { transform } from 'sucrase';
import { SourceMap } from './source-map.ts';

/** The program cannot be read; `line` and `column` count from 1. */
export class CompileError extends Error {
  override readonly name = 'SyntaxError';
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

export interface CompiledProgram {
  readonly code: string;
  /** From places in the code to places in the source: types that were dropped moved the columns. */
  readonly map: SourceMap;
}

/**
 * TypeScript to JavaScript, line for line: types are dropped, nothing is checked.
 * Throws {@link CompileError}, or a RangeError for code that is nested too deeply.
 */
export function compile(source: string): CompiledProgram {
  refuse(
    source,
    /^[ \t]*(?:export[ \t]+)?(?:declare[ \t]+)?namespace[ \t]+[\w.]+[ \t]*\{/m,
    'namespace는 쓸 수 없다. 모듈이나 객체로 바꾼다.',
  );
  refuse(
    source,
    /^[ \t]*import[ \t]+(?!type\b)[\w*{'"]/m,
    'import는 쓸 수 없다. fetch, watch, etcd, kubectl, sleep은 이미 있다.',
  );
  let code: string;
  let map: SourceMap;
  try {
    const result = transform(source, {
      transforms: ['typescript'],
      disableESTransforms: true,
      filePath: 'program.ts',
      sourceMapOptions: { compiledFilename: 'program.js' },
    });
    code = result.code;
    map = new SourceMap(result.sourceMap?.mappings ?? '');
  } catch (error) {
    // The transformer's own stack was too small.
    if (error instanceof RangeError) throw error;
    const { message, loc } = error as Error & { loc?: { line: number; column: number } };
    throw new CompileError(
      message.replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, ''),
      loc?.line ?? 1,
      loc?.column ?? 1,
    );
  }
  // A call that nobody awaits would lose its error: `main();` at the start of a line is followed.
  return { code: code.replace(/^([A-Za-z_$][\w$]*)\(\);?[ \t]*$/gm, '__follow($1());'), map };
}

function refuse(source: string, pattern: RegExp, message: string): void {
  const match = pattern.exec(source);
  if (match === null) return;
  throw new CompileError(message, source.slice(0, match.index).split('\n').length, 1);
}
