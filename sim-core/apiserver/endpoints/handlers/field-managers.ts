import { headerOf } from '../../../apimachinery/http.ts';
import { isPrintable } from '../../../apimachinery/go-format.ts';
import { FieldManager } from '../../../apimachinery/managedfields/field-manager.ts';
import type { GroupVersionKind } from '../../../apimachinery/object.ts';
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
  readonly #managers = new Map<string, FieldManager>();

  constructor(definition: ResourceDefinition, atoms: AtomResolver) {
    this.#definition = definition;
    this.#atoms = atoms;
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
        resetFields: kind === this.#definition ? this.#resetFields(subresource) : [],
      });
      this.#managers.set(subresource, manager);
    }
    return manager;
  }

  #typeOf(kind: GroupVersionKind & { schema: string }): ObjectSchema | undefined {
    const { custom } = this.#definition;
    return kind === this.#definition && custom !== undefined ? custom.type : schemaOf(kind.schema);
  }

  #resetFields(subresource: string): readonly string[] {
    const { strategy, status, subresources = [] } = this.#definition;
    if (subresource === '') return strategy.resetFields ?? (status === undefined ? [] : ['status']);
    if (subresource === 'status') return status?.resetFields ?? ['spec'];
    const known = subresources.find(({ name }) => name === subresource);
    return known?.handler === 'update' ? (known.strategy.resetFields ?? []) : [];
  }
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
