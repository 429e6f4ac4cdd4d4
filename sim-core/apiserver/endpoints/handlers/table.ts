import type { KubeList, KubeObject, ListMeta, ObjectMeta } from '../../../apimachinery/object.ts';
import { goJsonAsIs } from '../../../apimachinery/json/go-json.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import { packageOf } from '../../../apimachinery/schema/go-package.ts';
import { badRequestError, StatusError } from '../../../apimachinery/status.ts';
import type { Clock } from '../../../clock/clock.ts';
import { NAME } from '../../printers/columns.ts';
import type { LazyColumns, ResourceDefinition, TableColumn } from '../../registry/rest/resource.ts';
import type { ServerRequest } from '../request.ts';
import type { View } from './negotiation.ts';

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** What a schema's fields are for: the texts that column definitions carry. */
export interface FieldTexts {
  /** Fetches the texts of the fields of `types`. */
  load(types: Iterable<string>, clock: Clock): Promise<void>;
  /** The text of a field of a type that was loaded. */
  describe(of: string, field: string): string;
}

const INCLUDE: readonly string[] = ['', 'Metadata', 'Object', 'None'];

const CREATED_AT = 'Created At';
/** Kinds without columns of their own. Models rest.NewDefaultTableConvertor. */
const DEFAULT_COLUMNS: readonly TableColumn[] = [
  {
    name: CREATED_AT,
    type: 'date',
    description: { of: OBJECT_META, field: 'creationTimestamp' },
    priority: 0,
    cell: (object) => object.metadata.creationTimestamp,
  },
];

/**
 * The views of meta.k8s.io of one resource's objects: Table and PartialObjectMetadata, as JSON text.
 * Models endpoints/handlers/response.go and pkg/printers.
 */
export class TableConvertor {
  readonly #definition: ResourceDefinition;
  readonly #clock: Clock;
  readonly #texts: FieldTexts;

  constructor(definition: ResourceDefinition, clock: Clock, texts: FieldTexts) {
    this.#definition = definition;
    this.#clock = clock;
    this.#texts = texts;
  }

  /** The same for objects of another kind below those of the resource. */
  withColumns(columns: readonly TableColumn[]): TableConvertor {
    return new TableConvertor({ ...this.#definition, columns }, this.#clock, this.#texts);
  }

  /** Fetches what {@link view} and {@link listView} need for this view. */
  async prepare(view: View | undefined): Promise<void> {
    if (view?.kind !== 'Table') return;
    const { columns } = this.#definition;
    if (isLazy(columns)) await this.#clock.outside(columns.fetch());
    const descriptions = this.#columns().map(({ description }) => description);
    const types = descriptions.flatMap((text) => (typeof text === 'string' ? [] : [text.of]));
    await this.#texts.load(types, this.#clock);
  }

  /** One object. `headers` false leaves out the column definitions: a watch sends them once. */
  view(object: KubeObject, view: View, request: ServerRequest, headers = true): string {
    switch (view.kind) {
      case 'Table': {
        const { resourceVersion } = object.metadata;
        return this.#table(
          [object],
          { ...(resourceVersion !== undefined && { resourceVersion }) },
          request,
          view,
          headers,
        );
      }
      case 'PartialObjectMetadata':
        return goJsonAsIs(this.#partial(object, view));
      default:
        throw notAcceptable(
          `you requested ${view.kind}, but the requested object is not a list (${this.#goType(object.kind)})`,
        );
    }
  }

  listView(list: KubeList, view: View, request: ServerRequest): string {
    switch (view.kind) {
      case 'Table':
        return this.#table(list.items, list.metadata, request, view, true);
      case 'PartialObjectMetadataList':
        return goJsonAsIs({
          ...view,
          metadata: list.metadata,
          // A list that nobody made.
          items: list.items.length === 0 ? null : list.items.map((item) => this.#partial(item, view)),
        });
      default:
        throw notAcceptable(
          `you requested ${view.kind}, but the requested object is a list (${this.#goType(list.kind)})`,
        );
    }
  }

  #columns(): readonly TableColumn[] {
    const own = this.#ownColumns();
    // Events show their names last, if at all.
    return own.some(({ name }) => name === NAME.name) ? own : [NAME, ...own];
  }

  #ownColumns(): readonly TableColumn[] {
    const { columns = DEFAULT_COLUMNS } = this.#definition;
    return isLazy(columns) ? columns.loaded : columns;
  }

  #table(
    objects: readonly KubeObject[],
    metadata: ListMeta,
    request: ServerRequest,
    view: View,
    headers: boolean,
  ): string {
    const columns = this.#columns();
    const now = this.#clock.now();
    const include = request.query.get('includeObject');
    if (!INCLUDE.includes(include)) {
      throw badRequestError(
        `Unable to convert to Table as requested: includeObject: Invalid value: ${goQuote(include)}: must be 'Metadata', 'Object', 'None', or empty`,
      );
    }
    const rows = objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, now) ?? null),
      object: include === 'None' ? null : include === 'Object' ? object : this.#partial(object, view),
    }));
    return goJsonAsIs({
      ...view,
      metadata,
      columnDefinitions: headers ? columns.map((column) => this.#definitionOf(column)) : null,
      rows: rows.length === 0 && this.#isGeneric ? null : rows,
    });
  }

  /** Kinds without a printer of their own have no list of rows before the first. */
  get #isGeneric(): boolean {
    const { custom } = this.#definition;
    return custom === undefined && this.#ownColumns().every(({ name }) => name === CREATED_AT);
  }

  /** The type that upstream's server holds the objects in, as messages name it. */
  #goType(kind: string | undefined): string {
    const { group, custom } = this.#definition;
    if (custom === undefined) return `*${packageOf(group)}.${kind}`;
    return kind === custom.listKind ? '*unstructured.UnstructuredList' : '*unstructured.Unstructured';
  }

  #partial({ metadata }: KubeObject, { apiVersion }: View) {
    const { versionedAnnotations = [] } = this.#definition;
    return {
      kind: 'PartialObjectMetadata',
      apiVersion,
      metadata: versionedAnnotations.reduce(withoutAnnotation, metadata),
    };
  }

  #definitionOf({ name, type, format, description, priority }: Omit<TableColumn, 'cell'>) {
    return {
      name,
      type,
      format: format ?? '',
      description:
        typeof description === 'string'
          ? description
          : this.#texts.describe(description.of, description.field),
      priority,
    };
  }
}

function withoutAnnotation(metadata: ObjectMeta, name: string): ObjectMeta {
  const { annotations, ...rest } = metadata;
  if (annotations?.[name] === undefined) return metadata;
  const { [name]: _annotation, ...others } = annotations;
  return Object.keys(others).length === 0 ? rest : { ...metadata, annotations: others };
}

function notAcceptable(message: string): StatusError {
  return new StatusError(406, 'NotAcceptable', message);
}

function isLazy(columns: ResourceDefinition['columns']): columns is LazyColumns {
  return columns !== undefined && 'fetch' in columns;
}
