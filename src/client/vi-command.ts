/** The text of a file while it is edited. */
export interface EditedFile {
  readonly text: string;
  /** As it was opened. */
  readonly opened: string;
  /** What :w wrote last; null: nothing yet. */
  readonly written: string | null;
  /** Where the cursor stands in the text. */
  readonly cursor: number;
}

/** What a line that is typed after Escape does. */
export type ViAction =
  /** Null: without writing. */
  | { readonly does: 'close'; readonly text: string | null }
  | { readonly does: 'write' }
  /** Back to the text, with this selected in it. */
  | { readonly does: 'go'; readonly from: number; readonly to: number }
  | { readonly does: 'say'; readonly message: string };

const KNOWN = ':w :wq :q! /찾을 말 :줄번호';

/**
 * The lines that hands trained on vi type after Escape: ":wq", ":x", "ZZ", ":q", ":q!", "ZQ", ":w", "/text", ":42".
 * Messages that vim prints are vim's.
 */
export function runViCommand(line: string, file: EditedFile): ViAction {
  const { text, opened, written, cursor } = file;
  switch (line.trim()) {
    case ':wq':
    case ':wq!':
    case ':x':
    case ':x!':
    case ':wqa':
    case ':xa':
    case 'ZZ':
      return { does: 'close', text };
    case ':w':
    case ':w!':
      return { does: 'write' };
    case ':q':
    case ':qa':
      return text === (written ?? opened)
        ? { does: 'close', text: written }
        : { does: 'say', message: 'E37: No write since last change (add ! to override)' };
    case ':q!':
    case ':qa!':
    case 'ZQ':
      return { does: 'close', text: written };
  }
  const [, row] = /^:(\d+)$/.exec(line.trim()) ?? [];
  if (row !== undefined) return lineAt(text, Number(row));
  if (/^\/./.test(line)) return search(text, line.slice(1).replace(/\/$/, ''), cursor);
  return { does: 'say', message: `E492: Not an editor command: ${line.replace(/^:/, '')} · ${KNOWN}` };
}

/** Beyond the end there is the last line. */
function lineAt(text: string, row: number): ViAction {
  const lines = text.replace(/\n$/, '').split('\n');
  const index = Math.min(Math.max(row, 1), lines.length) - 1;
  const from = lines.slice(0, index).reduce((sum, { length }) => sum + length + 1, 0);
  return { does: 'go', from, to: from };
}

/** The next place after the cursor; from the end on, the first one. */
function search(text: string, wanted: string, cursor: number): ViAction {
  const after = text.indexOf(wanted, cursor + 1);
  const from = after >= 0 ? after : text.indexOf(wanted);
  return from < 0
    ? { does: 'say', message: `E486: Pattern not found: ${wanted}` }
    : { does: 'go', from, to: from + wanted.length };
}
