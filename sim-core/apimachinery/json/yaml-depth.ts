import { CST, Lexer } from 'yaml';
import { YamlError } from './yaml-error.ts';

/** As deep as Go's scanner goes. */
const MAX_DEPTH = 10_000;
/**
 * As deep as the library that composes the nodes is let go: it recurses, and so does whoever walks the value
 * afterwards, on a browser's small stack. No type of the API comes near this.
 */
const MAX_COMPOSED_DEPTH = 400;

/**
 * Throws a {@link YamlError} for a text whose collections nest too deep. It counts on the tokens, without
 * recursion, before anybody builds something from them.
 *
 *     a: [[1]]      depth 3: the mapping, two sequences
 *     - - x         depth 2
 *
 * Models go-yaml scannerc.go yaml_parser_increase_flow_level and yaml_parser_roll_indent.
 */
export function checkYamlDepth(text: string): void {
  if (!mayBeDeep(text)) return;
  /** Columns of the block collections that are open. */
  const indents: number[] = [];
  let flow = 0;
  let deepest = 0;
  let line = 1;
  let column = 0;
  /** Of the first token on the line or behind "-" and "?": where a key would begin. */
  let keyColumn: number | undefined;
  let startsLine = true;
  const roll = (to: number) => {
    if (flow === 0 && (indents.at(-1) ?? -1) < to) indents.push(to);
  };
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    const isMark = type === 'doc-mode' || type === 'flow-error-end' || type === 'scalar';
    if (isContent(type) && flow === 0) {
      if (startsLine) while ((indents.at(-1) ?? -1) > column) indents.pop();
      startsLine = false;
    }
    switch (type) {
      case 'doc-start':
      case 'doc-end':
        indents.length = 0;
        break;
      case 'seq-item-ind':
      case 'explicit-key-ind':
        roll(column);
        keyColumn = undefined;
        break;
      case 'map-value-ind':
        roll(keyColumn ?? column);
        break;
      case 'flow-seq-start':
      case 'flow-map-start':
        keyColumn ??= column;
        flow++;
        break;
      case 'flow-seq-end':
      case 'flow-map-end':
        flow = Math.max(0, flow - 1);
        break;
      default:
        if (isContent(type)) keyColumn ??= column;
    }
    if (flow > MAX_DEPTH || indents.length > MAX_DEPTH) {
      throw new YamlError(`yaml: ${line > 1 ? `line ${line}: ` : ''}exceeded max depth of ${MAX_DEPTH}`);
    }
    deepest = Math.max(deepest, indents.length + flow);
    if (isMark) continue;
    const lastBreak = token.lastIndexOf('\n');
    if (lastBreak < 0) column += token.length;
    else {
      line += token.split('\n').length - 1;
      column = token.length - lastBreak - 1;
      startsLine = true;
      keyColumn = undefined;
    }
  }
  if (deepest > MAX_COMPOSED_DEPTH) throw new YamlError('yaml: exceeded max depth');
}

/** Each level takes one of the indicators at least. */
function mayBeDeep(text: string): boolean {
  let indicators = 0;
  for (const _indicator of text.matchAll(/[[{:?-]/g)) if (++indicators > MAX_COMPOSED_DEPTH) return true;
  return false;
}

function isContent(type: CST.TokenType | null): boolean {
  return (
    type !== 'space' &&
    type !== 'newline' &&
    type !== 'comment' &&
    type !== 'byte-order-mark' &&
    type !== 'doc-mode' &&
    type !== 'flow-error-end' &&
    type !== 'directive-line'
  );
}
