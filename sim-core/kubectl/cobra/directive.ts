/** What a shell is told to do with completions, as bits. Models cobra ShellCompDirective. */
export const DIRECTIVE = {
  default: 0,
  error: 1,
  noSpace: 2,
  noFiles: 4,
  extensions: 8,
  directories: 16,
} as const;

/** What may stand in place of a word, each with a tab and what it means, if that is known. */
export interface Completions {
  readonly values: readonly string[];
  readonly directive: number;
}
