import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Tags, YAMLError } from 'yaml';
import { setField } from '../copy.ts';
import { goQuote } from '../go-format.ts';
import type { Json } from '../object.ts';
import type { ParsedText } from './parse.ts';
import { checkYamlDepth } from './yaml-depth.ts';
import { YamlError } from './yaml-error.ts';
import { findYamlFault } from './yaml-fault.ts';

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
  const found = parseFirst(text);
  if (found.errors.length === 0) return found.read();
  // What Go's parser finds wrong; it does not look behind the first document.
  const end = findYamlFault(text);
  const first = parseFirst(text.slice(0, end));
  if (first.errors.length > 0) throw new YamlError('yaml: did not find expected key');
  return first.read();
}

/** The first document, as the library has it, and what it finds wrong. */
function parseFirst(text: string): { readonly errors: readonly YAMLError[]; read(): ParsedText } {
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
  return {
    errors,
    read() {
      const converter = new Converter(document, lineCounter);
      return {
        value: document.contents === null ? null : converter.convert(document.contents as Node),
        duplicates: new Map(),
        literals: new Map(),
        yamlDuplicates: converter.duplicates,
      };
    },
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
        const name = this.#keyText(key);
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

  /** Keys become texts: true, 1 and null are "true", "1" and "null". */
  #keyText(key: unknown): string {
    // The library stands a symbol for a merge key.
    if (isScalar(key)) return typeof key.value === 'symbol' ? '<<' : String(key.value);
    throw new YamlError(`yaml: invalid map key: ${goSyntax(this.convert(key))}`);
  }
}

/** As Go's %#v shows what its decoder made. */
function goSyntax(value: Json): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return goQuote(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${goQuote(key)}:${goSyntax(value[key]!)}`);
  return `map[interface {}]interface {}{${entries.join(', ')}}`;
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
