import { YamlError } from './yaml-error.ts';
import { type Token, type TokenType, YamlTokens } from './yaml-tokens.ts';

/**
 * Goes through the first document of a YAML text; gives the place in the text where the document ends. Throws a
 * {@link YamlError} with Go's words for the first fault. Models parserc.go of gopkg.in/yaml.v2, which is libyaml's
 * parser, and the line that its decoder counts.
 */
export function findYamlFault(text: string): number {
  const tokens = new YamlTokens(text);
  document(tokens);
  return tokens.peek().at;
}

function fail(token: Token, problem: string): never {
  throw new YamlError(token.line === 0 ? `yaml: ${problem}` : `yaml: line ${token.line}: ${problem}`);
}

const DOCUMENT_ENDS: readonly TokenType[] = [
  'version-directive',
  'tag-directive',
  'document-start',
  'document-end',
  'stream-end',
];

function document(tokens: YamlTokens): void {
  while (tokens.peek().type === 'document-end') tokens.take();
  if (!DOCUMENT_ENDS.includes(tokens.peek().type)) return node(tokens, true, true);
  while (/directive/.test(tokens.peek().type)) {
    const directive = tokens.take();
    if (directive.type === 'version-directive' && directive.version !== '1.1')
      fail(directive, 'found incompatible YAML document');
  }
  if (tokens.peek().type === 'stream-end') return;
  if (tokens.peek().type !== 'document-start') fail(tokens.peek(), 'did not find expected <document start>');
  tokens.take();
  if (!DOCUMENT_ENDS.includes(tokens.peek().type)) node(tokens, true, false);
}

/** `indentless`: a sequence may stand at the column of the key around it. */
function node(tokens: YamlTokens, block: boolean, indentless: boolean): void {
  if (tokens.peek().type === 'alias') return void tokens.take();
  let hasProperties = false;
  while (tokens.peek().type === 'anchor' || tokens.peek().type === 'tag') {
    tokens.take();
    hasProperties = true;
  }
  const token = tokens.peek();
  if (indentless && token.type === 'block-entry') return indentlessSequence(tokens);
  if (token.type === 'scalar') return void tokens.take();
  if (token.type === 'flow-sequence-start') return flowCollection(tokens, 'flow-sequence-end');
  if (token.type === 'flow-mapping-start') return flowCollection(tokens, 'flow-mapping-end');
  if (block && token.type === 'block-sequence-start') return blockSequence(tokens);
  if (block && token.type === 'block-mapping-start') return blockMapping(tokens);
  if (!hasProperties) fail(token, 'did not find expected node content');
}

/** A node unless the next token says that there is none. */
function nodeUnless(
  tokens: YamlTokens,
  ends: readonly TokenType[],
  block: boolean,
  indentless = false,
): void {
  if (!ends.includes(tokens.peek().type)) node(tokens, block, indentless);
}

function blockSequence(tokens: YamlTokens): void {
  tokens.take();
  while (tokens.peek().type === 'block-entry') {
    tokens.take();
    nodeUnless(tokens, ['block-entry', 'block-end'], true);
  }
  if (tokens.peek().type !== 'block-end') fail(tokens.peek(), "did not find expected '-' indicator");
  tokens.take();
}

function indentlessSequence(tokens: YamlTokens): void {
  while (tokens.peek().type === 'block-entry') {
    tokens.take();
    nodeUnless(tokens, ['block-entry', 'key', 'value', 'block-end'], true);
  }
}

function blockMapping(tokens: YamlTokens): void {
  const ends: readonly TokenType[] = ['key', 'value', 'block-end'];
  tokens.take();
  while (tokens.peek().type === 'key') {
    tokens.take();
    nodeUnless(tokens, ends, true, true);
    if (tokens.peek().type !== 'value') continue;
    tokens.take();
    nodeUnless(tokens, ends, true, true);
  }
  if (tokens.peek().type !== 'block-end') fail(tokens.peek(), 'did not find expected key');
  tokens.take();
}

/** `[a, b: c]` or `{a: b, c}`. */
function flowCollection(tokens: YamlTokens, end: 'flow-sequence-end' | 'flow-mapping-end'): void {
  tokens.take();
  for (let first = true; tokens.peek().type !== end; first = false) {
    if (!first) {
      if (tokens.peek().type !== 'flow-entry')
        fail(tokens.peek(), `did not find expected ',' or '${end === 'flow-sequence-end' ? ']' : '}'}'`);
      tokens.take();
      if (tokens.peek().type === end) break;
    }
    if (tokens.peek().type !== 'key') {
      node(tokens, false, false);
      continue;
    }
    tokens.take();
    nodeUnless(tokens, ['value', 'flow-entry', end], false);
    if (tokens.peek().type !== 'value') continue;
    tokens.take();
    nodeUnless(tokens, ['flow-entry', end], false);
  }
  tokens.take();
}
