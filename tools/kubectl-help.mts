/** What `kubectl … --help` prints, in its parts. */
export interface ParsedHelp {
  readonly description: string;
  readonly examples: string;
  /** What flags mean, by name. */
  readonly usages: Readonly<Record<string, string>>;
  readonly subcommands: readonly string[];
}

const SECTION = /^(Aliases|Examples|Options|Usage|[A-Z][^\n:]*Commands?[^\n:]*|Subcommands[^\n:]*):$/;

/** Takes the text of a help page apart. */
export function parseHelp(text: string): ParsedHelp {
  let section = '';
  const sections = new Map<string, string[]>([[section, []]]);
  for (const line of text.split('\n')) {
    const title = SECTION.exec(line)?.[1];
    if (title === undefined) sections.get(section)!.push(line);
    else sections.set((section = title), []);
  }
  const textOf = (title: string) => (sections.get(title) ?? []).join('\n').replace(/\n+$/, '');
  const flags = [...sections.entries()].flatMap(([title, lines]) =>
    title === 'Options' || title === '' ? lines : [],
  );
  return {
    description: textOf(''),
    examples: textOf('Examples'),
    usages: Object.fromEntries(
      flags.flatMap((line, index) => {
        const name = /^ {4}(?:-\w, )?--([\w-]+)=.*:$/.exec(line)?.[1];
        return name === undefined ? [] : [[name, (flags[index + 1] ?? '').slice(1)]];
      }),
    ),
    subcommands: [...sections].flatMap(([title, lines]) =>
      /Commands?\b/i.test(title) ? lines.flatMap((line) => /^ {2}(\S+)/.exec(line)?.slice(1) ?? []) : [],
    ),
  };
}
