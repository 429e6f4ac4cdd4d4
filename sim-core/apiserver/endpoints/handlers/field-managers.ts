import { headerOf } from '../../../apimachinery/http.ts';
import { isPrintable } from '../../../apimachinery/go-format.ts';
import { FieldManager } from '../../../apimachinery/managedfields/field-manager.ts';
import type { OtherVersion } from '../../../apimachinery/managedfields/tracker.ts';
import { trackedType } from '../../../apimachinery/managedfields/tracker.ts';
import type { GroupVersion, GroupVersionKind, JsonObject, KubeObject } from '../../../apimachinery/object.ts';
import { apiVersionOf } from '../../../apimachinery/object.ts';
import type { ObjectSchema } from '../../../apimachinery/schema/schema.ts';
import { schemaOf } from '../../../apimachinery/schema/schema.ts';
import type { AtomResolver } from '../../../apimachinery/structured-merge-diff/atom.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { ServerRequest } from '../request.ts';

const MAX_MANAGER_BYTES = 128;

/** The field managers of a resource: one for the object itself and for each of its subresources. */
export class FieldManagers {
  readonly #definition: ResourceDefinition;
  readonly #atoms: AtomResolver;
  readonly #versions: () => readonly ResourceDefinition[];
  readonly #managers = new Map<string, FieldManager>();

  /** `versions` are the resource's others, in whatever version and group the same objects are served. */
  constructor(
    definition: ResourceDefinition,
    atoms: AtomResolver,
    versions: () => readonly ResourceDefinition[],
  ) {
    this.#definition = definition;
    this.#atoms = atoms;
    this.#versions = versions;
  }

  /** `subresource` is "" for the object itself; `kind` is set where the endpoint's is not the parent's. */
  of(subresource: string, kind: GroupVersionKind & { schema: string } = this.#definition): FieldManager {
    let manager = this.#managers.get(subresource);
    if (manager === undefined) {
      const { group, version } = kind;
      manager = new FieldManager({
        kind: { group, version, kind: kind.kind },
        atom: this.#atoms.object(this.#typeOf(kind)),
        subresource,
        resetFields: kind === this.#definition ? resetFields(this.#definition, subresource) : [],
        ...(kind === this.#definition && {
          otherVersion: (apiVersion: string) => this.#otherVersion(apiVersion, subresource),
        }),
      });
      this.#managers.set(subresource, manager);
    }
    return manager;
  }

  #typeOf(kind: GroupVersionKind & { schema: string }): ObjectSchema | undefined {
    const { custom } = this.#definition;
    return kind === this.#definition && custom !== undefined ? custom.type : schemaOf(kind.schema);
  }

  #otherVersion(apiVersion: string, subresource: string): OtherVersion | undefined {
    const other = this.#versions().find((definition) => apiVersionOf(definition) === apiVersion);
    if (other === undefined) return undefined;
    const { custom } = other;
    const from = this.#definition.conversion?.toStored ?? inVersion(other);
    const to = other.conversion?.fromStored ?? inVersion(other);
    const atom = this.#atoms.object(custom === undefined ? schemaOf(other.schema) : custom.type);
    return {
      type: trackedType(atom, resetFields(other, subresource)),
      convert: (object) => to(from(object as unknown as KubeObject)) as unknown as JsonObject,
    };
  }
}

const inVersion = (version: GroupVersion) => (object: KubeObject) => ({
  ...object,
  apiVersion: apiVersionOf(version),
});

function resetFields(
  { strategy, status, subresources = [] }: ResourceDefinition,
  subresource: string,
): readonly string[] {
  if (subresource === '') return strategy.resetFields ?? (status === undefined ? [] : ['status']);
  if (subresource === 'status') return status?.resetFields ?? ['spec'];
  const known = subresources.find(({ name }) => name === subresource);
  return known?.handler === 'update' ? (known.strategy.resetFields ?? []) : [];
}

/**
 * Who manages what a request writes: the query says, or what stands before the slash of the user agent.
 * Models handlers/create.go managerOrUserAgent.
 */
export function managerOf({ query, http }: ServerRequest): string {
  const given = query.get('fieldManager');
  if (given !== '') return given;
  const agent = headerOf(http.headers, 'user-agent') ?? '';
  const slash = agent.indexOf('/');
  const prefix = slash < 0 ? agent : agent.slice(0, slash);
  return /^[\x20-\x7e]{0,128}$/.test(prefix) ? prefix : printable(prefix);
}

function printable(text: string): string {
  let result = '';
  let bytes = 0;
  for (const character of text) {
    if (!isPrintable(character)) continue;
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > MAX_MANAGER_BYTES) break;
    result += character;
  }
  return result;
}
