import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Tags, YAMLError } from 'yaml';
import { setField } from '../copy.ts';
import { goQuote } from '../go-format.ts';
import type { Json } from '../object.ts';
import type { ParsedText } from './parse.ts';
import { checkYamlDepth } from './yaml-depth.ts';
import { YamlError } from './yaml-error.ts';

/** Values that aliases may copy: a small text must not become a large object. */
const MAX_COPIES = 100_000;

/**
 * The first document of a YAML text as JSON. Scalars are read as by YAML 1.1 in Go: yes and on are
 * booleans, 0644 is octal, times and 1:30 are texts. Throws a YamlError.
 *
 * Models sigs.k8s.io/yaml YAMLToJSON.
 */
export function parseYaml(text: string): ParsedText {
  checkYamlDepth(text);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    uniqueKeys: false,
    merge: true,
    lineCounter,
    logLevel: 'silent',
    customTags: (tags: Tags) =>
      tags.filter(
        (tag) =>
          typeof tag === 'string' ||
          (!('format' in tag && tag.format === 'TIME') && tag.tag !== 'tag:yaml.org,2002:timestamp'),
      ),
  });
  const errors = document.errors.filter(({ code }) => code !== 'MULTIPLE_DOCS');
  if (errors.length > 0) throw new YamlError(openFlowMessage(errors, text) ?? goMessage(errors));
  const converter = new Converter(document, lineCounter);
  return {
    value: document.contents === null ? null : converter.convert(document.contents as Node),
    duplicates: new Map(),
    literals: new Map(),
    yamlDuplicates: converter.duplicates,
  };
}

class Converter {
  readonly duplicates: string[] = [];
  readonly #document: Document;
  readonly #lineCounter: LineCounter;
  /** Anchors that are being copied, and how much was copied so far. */
  readonly #open = new Set<unknown>();
  #copies = 0;

  constructor(document: Document, lineCounter: LineCounter) {
    this.#document = document;
    this.#lineCounter = lineCounter;
  }

  convert(node: unknown): Json {
    if (this.#open.size > 0 && ++this.#copies > MAX_COPIES) {
      throw new YamlError('yaml: document contains excessive aliasing');
    }
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (target === undefined) throw new YamlError(`yaml: unknown anchor '${node.source}' referenced`);
      if (this.#open.has(target)) throw new YamlError(`yaml: anchor '${node.source}' value contains itself`);
      this.#open.add(target);
      const copy = this.convert(target);
      this.#open.delete(target);
      return copy;
    }
    if (isMap(node)) {
      const object: { [key: string]: Json } = {};
      const merged: Json[] = [];
      for (const { key, value } of node.items) {
        const name = keyText(key);
        if (name === '<<' && isScalar(key) && (key.type === undefined || key.type === 'PLAIN')) {
          merged.push(this.convert(value));
          continue;
        }
        if (Object.hasOwn(object, name)) {
          const offset = (key as Node).range?.[0] ?? 0;
          this.duplicates.push(
            `line ${this.#lineCounter.linePos(offset).line}: key ${goQuote(name)} already set in map`,
          );
        }
        setField(object, name, this.convert(value));
      }
      for (const from of merged.flat()) {
        if (typeof from !== 'object' || from === null || Array.isArray(from)) {
          throw new YamlError('yaml: map merge requires map or sequence of maps as the value');
        }
        for (const [name, value] of Object.entries(from)) {
          if (!Object.hasOwn(object, name)) setField(object, name, value);
        }
      }
      return object;
    }
    if (isSeq(node)) return node.items.map((item) => this.convert(item));
    return isScalar(node) ? scalarValue(node.value) : null;
  }
}

function scalarValue(value: unknown): Json {
  switch (typeof value) {
    case 'bigint':
      return Number(value);
    case 'number':
      if (!Number.isFinite(value)) throw new YamlError(`json: unsupported value: ${goFloat(value)}`);
      return value;
    case 'string':
    case 'boolean':
      return value;
    default:
      return null;
  }
}

const goFloat = (value: number) => (Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf');

/** Keys become texts: true, 1 and null are "true", "1" and "null". */
function keyText(key: unknown): string {
  // The library stands a symbol for a merge key.
  if (isScalar(key)) return typeof key.value === 'symbol' ? '<<' : String(key.value);
  throw new YamlError('yaml: invalid map key');
}

/** Which of Go's errors a fault is: its scanner and its parser count lines differently. */
interface GoFault {
  readonly by: 'scanner' | 'parser';
  readonly text: string;
}
const scanner = (text: string): GoFault => ({ by: 'scanner', text });
const parser = (text: string): GoFault => ({ by: 'parser', text });

/** The library's errors in the words of Go's parser, as far as the two find the same fault. */
const FAULTS: Readonly<Record<string, GoFault>> = {
  BLOCK_AS_IMPLICIT_KEY: scanner('mapping values are not allowed in this context'),
  BLOCK_IN_FLOW: parser('did not find expected node content'),
  MULTILINE_IMPLICIT_KEY: scanner("could not find expected ':'"),
  TAB_AS_INDENT: scanner('found character that cannot start any token'),
  BAD_SCALAR_START: scanner('found character that cannot start any token'),
  BAD_DQ_ESCAPE: scanner('found unknown escape character'),
  BAD_ALIAS: scanner('did not find expected alphabetic or numeric character'),
};

function faultOf({ code, message }: YAMLError): GoFault {
  if (message.includes('Flow sequence')) return parser("did not find expected ',' or ']'");
  if (message.includes('Flow map')) return parser("did not find expected ',' or '}'");
  if (/Missing closing .quote/.test(message)) return scanner('found unexpected end of stream');
  if (message.includes('without - indicator')) return parser("did not find expected '-' indicator");
  return FAULTS[code] ?? parser('did not find expected key');
}

/** A flow collection that the text leaves open: Go finds that out on the line after the last. */
function openFlowMessage([error]: readonly YAMLError[], text: string): string | undefined {
  if (error === undefined || !/Flow (sequence|map).* must .*end with/.test(error.message)) return undefined;
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const last = text
    .replace(/(^|\s)#.*$/gm, '')
    .trimEnd()
    .slice(-1);
  const missing = '[{,'.includes(last) ? 'did not find expected node content' : faultOf(error).text;
  return `yaml: line ${lines}: ${missing}`;
}

function goMessage(errors: readonly YAMLError[]): string {
  const error = errors[0]!;
  const { by, text } = faultOf(error);
  // A key over several lines is found out on the line after the one where it begins.
  const multiline = errors.some(({ code }) => code === 'MULTILINE_IMPLICIT_KEY');
  const line = (error.linePos?.[0].line ?? 1) + (multiline ? 1 : 0);
  const shown = by === 'scanner' ? line : line - 1;
  return line === 1 ? `yaml: ${text}` : `yaml: line ${shown}: ${text}`;
}
