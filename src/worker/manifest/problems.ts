import type { Node, YAMLMap } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { ManifestProblem } from '../protocol.ts';
import type { ObjectSchema, TypeSchema } from '../simulator.ts';
import type { Kinds } from './kinds.ts';
import { nearest } from './did-you-mean.ts';
import type { Path } from './documents.ts';
import { extentOf, formatPath, objectsOf, parseDocuments, schemaFor, textOf } from './documents.ts';

/** What a scalar field takes, and how that is called. */
const SCALARS: Readonly<Record<string, { readonly word: string; takes(value: unknown): boolean }>> = {
  string: { word: '문자열이', takes: (value) => typeof value === 'string' },
  int32: { word: '정수가', takes: (value) => Number.isInteger(value) },
  int64: { word: '정수가', takes: (value) => Number.isInteger(value) },
  double: { word: '수가', takes: (value) => typeof value === 'number' },
  boolean: { word: 'true나 false가', takes: (value) => typeof value === 'boolean' },
  bytes: { word: 'base64 문자열이', takes: (value) => typeof value === 'string' },
  time: { word: '시각이', takes: (value) => typeof value === 'string' },
  'micro-time': { word: '시각이', takes: (value) => typeof value === 'string' },
  quantity: { word: '수량(500m, 1Gi)이', takes: (value) => ['string', 'number'].includes(typeof value) },
  'int-or-string': { word: '정수나 문자열이', takes: (value) => ['string', 'number'].includes(typeof value) },
};

/** What is wrong in the manifests of a text, in its order. */
export function findProblems(text: string, kinds: Kinds): readonly ManifestProblem[] {
  const check = new Check(kinds);
  for (const document of parseDocuments(text)) {
    for (const { pos, message } of document.errors) {
      const [from, to] = pos;
      check.add({ from, to: Math.max(to, from + 1) }, `YAML을 읽을 수 없다: ${message}`);
    }
    for (const object of objectsOf(document)) check.manifest(object);
  }
  return check.problems.sort((a, b) => a.from - b.from);
}

class Check {
  readonly problems: ManifestProblem[] = [];
  readonly #kinds: Kinds;

  constructor(kinds: Kinds) {
    this.#kinds = kinds;
  }

  add(
    { from, to }: { from: number; to: number },
    message: string,
    {
      severity = 'error',
      meant,
    }: { severity?: ManifestProblem['severity']; meant?: string | undefined } = {},
  ): void {
    this.problems.push({ from, to, severity, message, ...(meant !== undefined && { meant }) });
  }

  manifest(object: YAMLMap): void {
    for (const field of ['apiVersion', 'kind']) {
      if (!object.has(field))
        this.add(
          beginningOf(object),
          `${field}${field === 'kind' ? '가' : '이'} 없다: error validating data: ${field} not set`,
        );
    }
    const schema = schemaFor(object, this.#kinds);
    if (schema === undefined) this.#unknownKind(object);
    else this.#object(object, schema, []);
  }

  /** Kinds of groups that are not there may come from a CustomResourceDefinition that is still to be applied. */
  #unknownKind(object: YAMLMap): void {
    const [apiVersion, kind] = [textOf(object, 'apiVersion'), textOf(object, 'kind')];
    if (apiVersion === undefined || kind === undefined) return;
    const kinds = this.#kinds;
    const group = groupOf(apiVersion);
    if (!kinds.some((row) => groupOf(row.apiVersion) === group)) {
      const meant = nearest(apiVersion, new Set(kinds.map((row) => row.apiVersion)));
      if (meant !== undefined && kinds.some((row) => row.kind === kind))
        this.add(extentOf(object.get('apiVersion', true) as Node), noMatches(apiVersion, kind, meant), {
          severity: 'warning',
          meant,
        });
      return;
    }
    const elsewhere = kinds.find((row) => row.kind === kind)?.apiVersion;
    if (elsewhere !== undefined) {
      this.add(extentOf(object.get('apiVersion', true) as Node), noMatches(apiVersion, kind, elsewhere), {
        meant: elsewhere,
      });
      return;
    }
    const meant = nearest(
      kind,
      kinds.map((row) => row.kind),
    );
    this.add(extentOf(object.get('kind', true) as Node), noMatches(apiVersion, kind, meant), { meant });
  }

  #object(object: YAMLMap, schema: ObjectSchema, path: Path): void {
    /** What is there, or was meant by what is there. */
    const present = new Set<string | undefined>();
    for (const { key, value } of object.items) {
      if (!isScalar(key) || typeof key.value !== 'string' || key.value === '<<') continue;
      const name = key.value;
      present.add(name);
      const field = schema.fields.get(name);
      const here = [...path, name];
      if (field === undefined) {
        if (schema.preservesUnknown === true) continue;
        const meant = nearest(name, schema.fields.keys());
        present.add(meant);
        const hint = meant === undefined ? '' : `. Did you mean "${meant}"?`;
        this.add(extentOf(key), `unknown field "${formatPath(here)}"${hint}`, { meant });
      } else {
        this.#value(value as Node | null, field.type, here);
      }
    }
    // An anchor may bring what is not written here.
    if (object.items.some(({ key }) => isScalar(key) && key.value === '<<')) return;
    for (const { name, required } of schema.fields.values()) {
      if (required && !present.has(name))
        this.add(
          beginningOf(object),
          `${formatPath([...path, name])}: Required value (꼭 있어야 하는 필드다)`,
          { severity: 'warning' },
        );
    }
  }

  #value(node: Node | null, type: TypeSchema, path: Path): void {
    if (node === null || isAlias(node) || (isScalar(node) && node.value === null)) return;
    if (type.type === 'array') {
      if (!isSeq(node)) this.#mismatch(node, path, '목록(- 로 시작하는 줄)이');
      else
        for (const [index, item] of node.items.entries())
          this.#value(item as Node, type.items, [...path, index]);
    } else if (type.type === 'map') {
      if (!isMap(node)) this.#mismatch(node, path, '이름: 값이');
      else
        for (const { key, value } of node.items)
          this.#value(value as Node, type.values, [...path, String(key)]);
    } else if (type.type === 'object') {
      if (!isMap(node)) this.#mismatch(node, path, `필드를 가진 ${type.schema.shortName} 오브젝트가`);
      else this.#object(node, type.schema, path);
    } else {
      this.#scalar(node, type.scalar, path);
    }
  }

  #scalar(node: Node, scalar: string, path: Path): void {
    const rule = SCALARS[scalar];
    if (rule === undefined || (isScalar(node) && rule.takes(node.value))) return;
    const quoted = scalar === 'string' && isScalar(node) ? `"${node.source ?? ''}"` : undefined;
    this.#mismatch(node, path, rule.word, quoted);
  }

  /** `quoted`: what would be right if it stood there. */
  #mismatch(node: Node, path: Path, wanted: string, quoted?: string): void {
    const hint = quoted === undefined ? '' : `. 따옴표로 감싼다: ${quoted}`;
    this.add(extentOf(node), `${formatPath(path)}에는 ${wanted} 와야 한다${hint}`, { meant: quoted });
  }
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

function noMatches(apiVersion: string, kind: string, meant: string | undefined): string {
  const hint = meant === undefined ? '' : `. Did you mean "${meant}"?`;
  return `no matches for kind "${kind}" in version "${apiVersion}"${hint}`;
}

/** The first key of an object: what is missing has no place of its own. */
function beginningOf(object: YAMLMap): { from: number; to: number } {
  const key = object.items[0]?.key as Node | undefined;
  return extentOf(key ?? object);
}
