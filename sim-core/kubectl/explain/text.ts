/** Breaks lines at spaces so that none is longer than `width`, where a word allows it. */
export function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      const lines: string[] = [];
      let current = '';
      for (const word of line.split(' ')) {
        if (current !== '' && current.length + 1 + word.length > width) {
          lines.push(current);
          current = word;
        } else current = current === '' ? word : `${current} ${word}`;
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
