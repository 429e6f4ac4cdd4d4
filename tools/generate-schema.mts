/**
 * Writes what the simulator knows of the API's types into sim-core/apimachinery/schema/generated/:
 *
 * - types.ts: every type with its fields and what the tables beside say of them, as small as is reasonable (read by
 *   schema.ts); of versions that are not served, which are known all the same, the names of the kinds
 * - descriptions.ts: the texts of types and fields, loaded only when somebody asks for them
 * - column-texts*.ts: the few texts that the heads of Tables need, by package
 *
 * Sources are the npm packages @kubernetes/client-node (types and most texts) and kubernetes-types
 * (which string is a quantity, and the texts of fields that refer to another type).
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COLUMN_DESCRIPTIONS } from '../sim-core/apimachinery/schema/column-descriptions.ts';
import { packageOfType } from '../sim-core/apimachinery/schema/go-package.ts';
import { GO_TYPES } from '../sim-core/apimachinery/schema/go-types.ts';
import { KEY_DEFAULTS, MERGE_ROWS } from '../sim-core/apimachinery/schema/merge-keys.ts';
import { fieldOrder } from '../sim-core/apimachinery/schema/messages.ts';
import { QUANTITIES } from '../sim-core/apimachinery/schema/quantities.ts';
import { omitsZero } from '../sim-core/apimachinery/schema/zero-values.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const CLIENT_NODE = join(ROOT, 'node_modules/@kubernetes/client-node/dist/gen');
const KUBERNETES_TYPES = join(ROOT, 'node_modules/kubernetes-types');
const OUT = join(ROOT, 'sim-core/apimachinery/schema/generated');

interface ModelField {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly required: boolean;
  readonly description: string;
}
interface Model {
  /** "V1PodSpec", as client-node calls it. */
  readonly className: string;
  readonly version: string;
  /** "PodSpec". */
  readonly shortName: string;
  readonly description: string;
  readonly fields: readonly ModelField[];
}

/** A type in kubernetes-types. */
interface OlderType {
  readonly description: string;
  readonly fields: ReadonlyMap<string, { readonly type: string; readonly description: string }>;
}

/** Groups whose types live elsewhere than in io.k8s.api. */
const PACKAGES: Readonly<Record<string, string>> = {
  meta: 'io.k8s.apimachinery.pkg.apis.meta',
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
  apiregistration: 'io.k8s.kube-aggregator.pkg.apis.apiregistration',
};
/** API classes of client-node whose name is not the group's first word. */
const API_GROUPS: Readonly<Record<string, string>> = {
  flowcontrolapiserver: 'flowcontrol',
  internalapiserver: 'apiserverinternal',
  rbacauthorization: 'rbac',
};
/** One letter for each scalar; schema.ts reads them. */
const SCALARS: Readonly<Record<string, string>> = {
  'string:': 's',
  'string:byte': 'y',
  'number:': 'd',
  'number:int32': 'i',
  'number:int64': 'l',
  'number:double': 'd',
  'boolean:': 'b',
  'Date:date-time': 't',
  'V1MicroTime:date-time-micro': 'u',
  'Date:date-time-micro': 'u',
  'any:': 'a',
  'IntOrString:int-or-string': 'x',
};

function readModels(): Model[] {
  const folder = join(CLIENT_NODE, 'models');
  const models: Model[] = [];
  for (const file of readdirSync(folder)) {
    const className = /^(\w+)\.js$/.exec(file)?.[1];
    if (className === undefined || className === 'ObjectSerializer' || className === 'all') continue;
    const code = readFileSync(join(folder, file), 'utf8');
    const start = code.indexOf('.attributeTypeMap = [');
    const attributes = JSON.parse(code.slice(code.indexOf('[', start), code.indexOf('\n];', start) + 2)) as {
      name: string;
      baseName: string;
      type: string;
      format: string;
    }[];
    const declarations = readFileSync(join(folder, `${className}.d.ts`), 'utf8');
    const named = /^([A-Z][a-z]+)?(V\d+(?:(?:alpha|beta)\d+)?)([A-Z]\w*)$/.exec(className);
    models.push({
      className,
      version: named?.[2]?.toLowerCase() ?? '',
      shortName: named?.[3] ?? className,
      description: comment(/\/\*\*\n\*([^]*?)\*\/\nexport declare class /.exec(declarations)?.[1]),
      fields: attributes.map(({ name, baseName, type, format }) => {
        const declaration = new RegExp(
          `(?:/\\*\\*((?:(?!\\*/)[^])*)\\*/\\n {4})?'${name.replace('$', '\\$')}'(\\??): `,
        ).exec(declarations);
        if (declaration === null) throw new Error(`${className}.d.ts does not declare ${name}`);
        return {
          name: baseName,
          type,
          format,
          required: declaration[2] === '',
          description: comment(declaration[1]),
        };
      }),
    });
  }
  return models;
}

/** The text of a doc comment without its stars; quotes are escaped there. */
function comment(text: string | undefined): string {
  return (text ?? '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/\\(['"\\])/g, '$1')
    .trim();
}

/** "core.v1.PodSpec" → what kubernetes-types says of it. */
function readOlderTypes(): Map<string, OlderType> {
  const types = new Map<string, OlderType>();
  for (const group of readdirSync(KUBERNETES_TYPES, { withFileTypes: true })) {
    if (!group.isDirectory() || group.name === 'api') continue;
    for (const file of readdirSync(join(KUBERNETES_TYPES, group.name))) {
      const version = /^(v\w+)\.d\.ts$/.exec(file)?.[1];
      if (version === undefined) continue;
      const code = readFileSync(join(KUBERNETES_TYPES, group.name, file), 'utf8');
      const parts = /(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\n)?export interface (\w+) \{([^]*?)^\}/gm;
      for (const [, text, name, body] of code.matchAll(parts)) {
        const fields = new Map<string, { type: string; description: string }>();
        const members =
          /(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\s*)?(?:readonly )?"?([$\w-]+)"?\??: ([^]*?);\n(?=\s*(?:\/\*\*|\}|readonly |"?[$\w-]+"?\??: |$))/g;
        for (const [, description, field, type] of `${body!}\n`.matchAll(members)) {
          fields.set(field!, { type: type!, description: comment(description) });
        }
        types.set(`${group.name}.${version}.${name!}`, { description: comment(text), fields });
      }
    }
  }
  return types;
}

/** Other types that a type's text names: "Array<V1Container>" names V1Container. */
const namesIn = (type: string) => type.match(/\b(?:[A-Z]\w+)\b/g) ?? [];

/**
 * Finds the group of each class: by its prefix, by the one group that has such a type in
 * kubernetes-types, by the API that imports it, or by the type that refers to it.
 */
function resolveGroups(models: readonly Model[], older: ReadonlyMap<string, OlderType>): Map<string, string> {
  const groups = new Map<string, string>();
  const byName = new Map<string, string[]>();
  for (const name of older.keys()) {
    const [group, version, shortName] = name.split('.') as [string, string, string];
    const key = `${version}.${shortName}`;
    byName.set(key, [...(byName.get(key) ?? []), group]);
  }
  for (const { className, version, shortName } of models) {
    const prefix = /^([A-Z][a-z]+)V\d/.exec(className)?.[1]?.toLowerCase();
    const candidates = byName.get(`${version}.${shortName}`) ?? [];
    if (prefix !== undefined && version !== '') groups.set(className, prefix);
    else if (candidates.length === 1) groups.set(className, candidates[0]!);
  }
  const known = new Map(models.map((model) => [model.className, model]));
  for (const file of readdirSync(join(CLIENT_NODE, 'apis'))) {
    const match = /^(\w+?)(V\d+(?:(?:alpha|beta)\d+)?)Api\.d\.ts$/.exec(file);
    if (match === null) continue;
    const word = match[1]!.toLowerCase();
    const code = readFileSync(join(CLIENT_NODE, 'apis', file), 'utf8');
    for (const [, className] of code.matchAll(/from '\.\.\/models\/(\w+)\.js'/g)) {
      if (known.get(className!)?.version === match[2]!.toLowerCase() && !groups.has(className!)) {
        groups.set(className!, API_GROUPS[word] ?? word);
      }
    }
  }
  for (let found = true; found;) {
    found = false;
    for (const model of models) {
      const group = groups.get(model.className);
      if (group === undefined) continue;
      for (const className of model.fields.flatMap((field) => namesIn(field.type))) {
        const target = known.get(className);
        if (target === undefined || groups.has(className)) continue;
        // A type of another version than the one that refers to it is one that all groups share.
        groups.set(className, target.version === model.version ? group : 'meta');
        found = true;
      }
    }
  }
  return groups;
}

/** kind and apiVersion, which the tables of messages leave out, then `order`; then others as client-node has them. */
function inStructureOrder(fields: readonly ModelField[], order: readonly string[]): readonly ModelField[] {
  const typeMeta = ['kind', 'apiVersion'].filter((name) => !order.includes(name));
  const places = new Map([...typeMeta, ...order].map((name, place) => [name, place]));
  const placeOf = ({ name }: ModelField) => places.get(name) ?? places.size;
  return [...fields].sort((a, b) => placeOf(a) - placeOf(b));
}

/** Writes one field's type: "s", "[core.v1.Container" for a list, "{s" for a map. */
function encodeType(type: string, format: string, nameOf: (className: string) => string): string {
  const list = /^Array<([^]*)>$/.exec(type);
  if (list !== null) return `[${encodeType(list[1]!, format, nameOf)}`;
  const map = /^\{ \[key: string\]: ([^]*?);? \}$/.exec(type);
  if (map !== null) return `{${encodeType(map[1]!, format, nameOf)}`;
  const scalar = SCALARS[`${type}:${format}`] ?? SCALARS[`${type}:`];
  if (scalar !== undefined) return scalar;
  if (type === 'Date') return 't';
  return nameOf(type);
}

/**
 * Writes one field with what the tables know of it: "containers! [Container:merge/name/map/name". A "!" says that it
 * is required, a "~" that it keeps or loses a zero although others of its kind do not; after "=" stands the name of
 * its Go type, after ":" how it merges, after ";" its default as a key. Schema.ts reads it.
 */
function encodeField(path: string, { name, required }: ModelField, type: string): string {
  const flags = (required ? '!' : '') + (omitsZero(path, required) === required ? '~' : '');
  const goType = GO_TYPES.get(path);
  const merge = MERGE_ROWS.get(path);
  const keyDefault = KEY_DEFAULTS[path];
  const facts =
    (goType === undefined ? '' : `=${goType}`) +
    (merge === undefined ? '' : `:${merge.join('/').replaceAll(',', '+')}`) +
    (keyDefault === undefined ? '' : `;${keyDefault}`);
  return `${name}${flags} ${type}${facts}`;
}

/** "PodList*": a list that has what all lists have. */
function shortened(line: string): string {
  return line.replace(/^(\w+)List,kind s,apiVersion s,metadata meta\.v1\.ListMeta,items! \[\1$/, '$1List*');
}

function writeModule(name: string, about: string, body: string): void {
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, name), `// Generated by tools/generate-schema.mts. ${about}\n${body}`);
}

function main(): void {
  const models = readModels();
  const older = readOlderTypes();
  const groups = resolveGroups(models, older);
  const shortNames = new Map<string, string>();
  for (const { className, version, shortName } of models) {
    const group = groups.get(className);
    if (group !== undefined) shortNames.set(className, `${group}.${version}.${shortName}`);
  }
  const quantities = new Set(QUANTITIES);

  const descriptions = new Texts();
  const packages = new Map<string, string[]>();
  const longNames = new Map<string, string>();
  for (const model of models) {
    const name = shortNames.get(model.className);
    if (name === undefined) continue;
    const [group, version, shortName] = name.split('.') as [string, string, string];
    const packageName = `${PACKAGES[group] ?? `io.k8s.api.${group}`}.${version}`;
    longNames.set(name, `${packageName}.${shortName}`);
    const old = older.get(name);
    const order = fieldOrder(`${group}.${version}`, shortName) ?? ['metadata'];
    const fields = inStructureOrder(model.fields, order).map((field) => {
      let type = encodeType(field.type, field.format, (className) => {
        const target = shortNames.get(className);
        if (target === undefined) throw new Error(`${model.className}.${field.name}: no type ${className}`);
        return target.startsWith(`${group}.${version}.`)
          ? target.slice(group.length + version.length + 2)
          : target;
      });
      if (
        /\bQuantity\b/.test(old?.fields.get(field.name)?.type ?? '') ||
        quantities.has(`${name}.${field.name}`)
      ) {
        type = type.replace(/s$/, 'q');
      }
      return encodeField(`${name}.${field.name}`, field, type);
    });
    const key = `${group}.${version}=${packageName}`;
    const isServed = /^v\d+$/.test(version);
    const isKind = fields.some((field) => field.startsWith('apiVersion '));
    if (isServed || isKind) {
      const line = shortened([shortName, ...(isServed ? fields : [])].join(','));
      packages.set(key, [...(packages.get(key) ?? []), line]);
    }
    descriptions.addType(longNames.get(name)!, name, model, old);
  }

  const lines = [...packages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, types]) => [`@${key}`, ...types.sort()]);
  writeModule(
    'types.ts',
    'A line is a type: name, then its fields as encodeField there writes them, or "*" for a list; schema.ts reads it.',
    `export const TYPES: string = ${JSON.stringify(lines.join('\n'))};\n`,
  );
  writeModule(
    'descriptions.ts',
    'Texts, and for each type the numbers of its own text and of its fields.',
    `export const DESCRIPTIONS: string = ${JSON.stringify(JSON.stringify(descriptions.toJSON()))};\n`,
  );
  writeColumnTexts(descriptions);
}

/** A module of texts for each package, and one that says how those of a package are fetched. */
function writeColumnTexts(descriptions: Texts): void {
  const packages = new Map<string, Record<string, string>>();
  for (const { of, field, text } of COLUMN_DESCRIPTIONS) {
    const found = text ?? descriptions.of(of, field);
    if (found === undefined) throw new Error(`column-descriptions.ts: no text for ${of} ${field}`);
    const name = packageOfType(of);
    packages.set(name, { ...packages.get(name), [`${of}.${field}`]: found });
  }
  const fetches = [...packages].map(([name, texts]) => {
    const file = `column-texts-${name.split('.').slice(-2).join('.')}.ts`;
    writeModule(
      file,
      `The texts that ../column-descriptions.ts asks for of ${name}.`,
      `export const COLUMN_TEXTS: Readonly<Record<string, string>> = ${JSON.stringify(texts, null, 1)};\n`,
    );
    return ` ${JSON.stringify(name)}: () => import('./${file}'),\n`;
  });
  writeModule(
    'column-texts.ts',
    'Where the texts of columns are, by package.',
    `export const COLUMN_TEXTS_OF = {\n${fetches.join('')}};\n`,
  );
}

/** All texts, each kept once. */
class Texts {
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #types = new Map<string, [number, Record<string, number>]>();

  addType(longName: string, name: string, model: Model, old: OlderType | undefined): void {
    const fields: Record<string, number> = {};
    for (const field of model.fields) {
      const before = old?.fields.get(field.name)?.description ?? '';
      // Of such a field client-node has the text of its type alone.
      const own = field.type === 'IntOrString' && before !== '' ? '' : field.description;
      const text = this.#better(own, before) || this.#usual(name, field);
      if (text !== '') fields[field.name] = this.#number(text);
    }
    this.#types.set(longName, [
      this.#number(this.#better(model.description, old?.description ?? '')),
      fields,
    ]);
  }

  of(longName: string, field: string): string | undefined {
    const number = this.#types.get(longName)?.[1][field];
    return number === undefined ? undefined : this.#texts[number];
  }

  toJSON(): unknown {
    return { texts: this.#texts, types: Object.fromEntries(this.#types) };
  }

  /** client-node has lost line breaks: where the older text is the same but for them, it is better. */
  #better(text: string, older: string): string {
    const words = (value: string) => value.replace(/\s+/g, ' ');
    return text === '' || words(text) === words(older) ? older : text;
  }

  /** What fields that refer to metadata, spec and status say in most types. */
  #usual(name: string, field: ModelField): string {
    const conventions =
      'More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';
    if (field.type === 'V1ObjectMeta') return `Standard object's metadata. ${conventions}#metadata`;
    if (field.type === 'V1ListMeta') return `Standard list metadata. ${conventions}#metadata`;
    const kind = name.split('.')[2]!;
    if (field.name === 'spec')
      return `Specification of the desired behavior of the ${kind}. ${conventions}#spec-and-status`;
    if (field.name === 'status')
      return `Most recently observed status of the ${kind}. ${conventions}#spec-and-status`;
    return '';
  }

  #number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#texts.push(text);
    this.#numbers.set(text, this.#texts.length - 1);
    return this.#texts.length - 1;
  }
}

main();
