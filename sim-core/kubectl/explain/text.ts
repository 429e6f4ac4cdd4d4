/**
 * Breaks lines at spaces so that none is longer than `width`, where a word allows it; the spaces at a
 * break are gone, those at the beginning of a line stay. Models github.com/mitchellh/go-wordwrap WrapString.
 */
export function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      const lines: string[] = [];
      let current = '';
      for (const [, spaces = '', word = ''] of line.matchAll(/(\s*)(\S*)/g)) {
        if (word === '' && current.length + spaces.length > width) continue;
        if (word !== '' && current.length + spaces.length + Math.min(word.length, width - 1) > width) {
          if (current !== '' || spaces !== '') lines.push(current);
          current = word;
        } else current += spaces + word;
      }
      return [...lines, current].join('\n');
    })
    .join('\n');
}

export function indent(text: string, margin: number): string {
  return text
    .split('\n')
    .map((line) => ' '.repeat(margin) + line)
    .join('\n');
}

/** Breaks text into lines as explain did before OpenAPI v3. Models pkg/explain wrapString. */
export function wrapParagraphs(text: string, width: number): string[] {
  const wrapped: string[] = [];
  let words: string[] = [];
  let last = '';
  const flush = () => {
    if (words.length === 0) return;
    last = '';
    wrapped.push(words.join(' '));
    words = [];
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('    ')) {
      flush();
      wrapped.push(line);
      continue;
    }
    const trimmed = line.trim();
    if (wrapped.length > 0 && trimmed === '') {
      flush();
      wrapped.push('');
      continue;
    }
    if (last.endsWith(':') || trimmed === '' || /^(\d+\.?|-|\*)\s/.test(trimmed)) flush();
    for (const word of trimmed.split(/\s+/).filter((part) => part !== '')) {
      last = word;
      if (words.length > 0 && [...words, word].join(' ').length > width) flush();
      words.push(word);
    }
  }
  flush();
  return wrapped;
}
