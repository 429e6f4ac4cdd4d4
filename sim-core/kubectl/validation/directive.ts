/** What becomes of unknown and duplicate fields. */
export type Directive = 'Strict' | 'Warn' | 'Ignore';

/** What a value of --validate asks for; throws an Error for others. Models pkg/cmd/util GetValidationDirective. */
export function directiveOf(value: string): Directive {
  switch (value) {
    case 'strict':
    case 'true':
      return 'Strict';
    case 'warn':
      return 'Warn';
    case 'ignore':
    case 'false':
      return 'Ignore';
    default:
      throw new Error(
        `invalid - validate option ${JSON.stringify(value)}; must be one of: strict (or true), warn, ignore (or false)`,
      );
  }
}
