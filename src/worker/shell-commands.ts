const OPENERS = /^(?:if|for|while|until|case|select)$/;
const CLOSERS = /^(?:fi|done|esac)$/;

/**
 * Cuts the text of a terminal block into the commands that a reader would enter one by one:
 * a line each, but lines that a backslash, an open quote, a here-document or an open
 * `for … done` holds together stay together. Blank lines and comments alone are left out.
 */
export function splitCommands(text: string): string[] {
  const commands: string[] = [];
  let pending: string[] = [];
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    if (pending.length === 0 && /^\s*(#.*)?$/.test(line)) continue;
    pending.push(line);
    if (isComplete(pending.join('\n'))) {
      commands.push(pending.join('\n'));
      pending = [];
    }
  }
  if (pending.length > 0) commands.push(pending.join('\n'));
  return commands;
}

function isComplete(command: string): boolean {
  let depth = 0;
  let word = '';
  let commandPosition = true;
  const hereDocuments: string[] = [];
  const endWord = () => {
    if (word !== '') {
      if (commandPosition && OPENERS.test(word)) depth++;
      if (commandPosition && CLOSERS.test(word)) depth--;
      commandPosition = commandPosition && /^(?:do|then|else|elif|if|while|until|!)$/.test(word);
    }
    word = '';
  };
  for (let index = 0; index < command.length; index++) {
    const char = command[index]!;
    if (char === '\\') {
      if (index === command.length - 1) return false;
      index++;
      word += command[index] === '\n' ? '' : command[index]!;
    } else if (char === "'" || char === '"') {
      const end = closingQuote(command, index);
      if (end < 0) return false;
      word += command.slice(index, end + 1);
      index = end;
    } else if (char === '#' && word === '') {
      const end = command.indexOf('\n', index);
      index = end < 0 ? command.length : end - 1;
    } else if (command.startsWith('<<', index) && command[index + 2] !== '<') {
      const match = /^<<-?\s*(['"]?)([A-Za-z0-9_]+)\1/.exec(command.slice(index));
      if (match) {
        hereDocuments.push(match[2]!);
        index += match[0].length - 1;
      }
      endWord();
    } else if (char === '\n') {
      endWord();
      commandPosition = true;
      for (
        let delimiter = hereDocuments.shift();
        delimiter !== undefined;
        delimiter = hereDocuments.shift()
      ) {
        const end = new RegExp(`^\\t*${delimiter}$`, 'm').exec(command.slice(index + 1));
        if (end === null) return false;
        index += end.index + end[0].length;
      }
    } else if (/[;&|(){}]/.test(char)) {
      endWord();
      commandPosition = true;
    } else if (/\s/.test(char)) {
      endWord();
    } else {
      word += char;
    }
  }
  endWord();
  return depth <= 0 && hereDocuments.length === 0;
}

/** Where the quote that opens at `start` closes; -1 if it does not. */
function closingQuote(text: string, start: number): number {
  const quote = text[start];
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === '\\' && quote === '"') index++;
    else if (text[index] === quote) return index;
  }
  return -1;
}
