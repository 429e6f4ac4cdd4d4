/** The texts of one command's help. */
export interface CommandTexts {
  readonly description: string;
  readonly examples: string;
  /** What flags mean, by name. */
  readonly usages: Readonly<Record<string, string>>;
}
