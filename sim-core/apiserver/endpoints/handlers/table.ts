import type { KubeList, KubeObject, ListMeta, ObjectMeta } from '../../../apimachinery/object.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { ResourceDefinition, TableColumn } from '../../registry/rest/resource.ts';
import type { ServerRequest } from '../request.ts';

const META = 'meta.k8s.io/v1';
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** Says what a schema's field is for: the text that column definitions carry. */
export type DescribeField = (of: string, field: string) => string;

const NAME_COLUMN: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: { of: OBJECT_META, field: 'name' },
  priority: 0,
  cell: (object) => object.metadata.name ?? '',
};
/** Kinds without columns of their own. Models rest.NewDefaultTableConvertor. */
const DEFAULT_COLUMNS: readonly TableColumn[] = [
  {
    name: 'Created At',
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
  readonly #describe: DescribeField;

  constructor(definition: ResourceDefinition, clock: Clock, describe: DescribeField) {
    this.#definition = definition;
    this.#clock = clock;
    this.#describe = describe;
  }

  /** One object. `headers` false leaves out the column definitions: a watch sends them once. */
  view(object: KubeObject, view: string, request: ServerRequest, headers = true): string {
    switch (view) {
      case 'Table': {
        const { resourceVersion } = object.metadata;
        return this.#table(
          [object],
          { ...(resourceVersion !== undefined && { resourceVersion }) },
          request,
          headers,
        );
      }
      case 'PartialObjectMetadata':
        return JSON.stringify(this.#partial(object));
      default:
        throw notAcceptable(
          `you requested ${view}, but the requested object is not a list (*v1.${object.kind})`,
        );
    }
  }

  listView(list: KubeList, view: string, request: ServerRequest): string {
    switch (view) {
      case 'Table':
        return this.#table(list.items, list.metadata, request, true);
      case 'PartialObjectMetadataList':
        return JSON.stringify({
          kind: view,
          apiVersion: META,
          metadata: list.metadata,
          items: list.items.map((item) => this.#partial(item)),
        });
      default:
        throw notAcceptable(`you requested ${view}, but the requested object is a list (*v1.${list.kind})`);
    }
  }

  #table(
    objects: readonly KubeObject[],
    metadata: ListMeta,
    request: ServerRequest,
    headers: boolean,
  ): string {
    const own = this.#definition.columns ?? DEFAULT_COLUMNS;
    // Events show their names last, if at all.
    const columns = own.some(({ name }) => name === NAME_COLUMN.name) ? own : [NAME_COLUMN, ...own];
    const now = this.#clock.now();
    const include = request.query.get('includeObject');
    return JSON.stringify({
      kind: 'Table',
      apiVersion: META,
      metadata,
      columnDefinitions: headers ? columns.map((column) => this.#definitionOf(column)) : null,
      rows: objects.map((object) => ({
        cells: columns.map((column) => column.cell(object, now) ?? null),
        object: include === 'None' ? null : include === 'Object' ? object : this.#partial(object),
      })),
    });
  }

  #partial({ metadata }: KubeObject) {
    const { versionedAnnotations = [] } = this.#definition;
    return {
      kind: 'PartialObjectMetadata',
      apiVersion: META,
      metadata: versionedAnnotations.reduce(withoutAnnotation, metadata),
    };
  }

  #definitionOf({ name, type, format, description, priority }: Omit<TableColumn, 'cell'>) {
    return {
      name,
      type,
      format: format ?? '',
      description:
        typeof description === 'string' ? description : this.#describe(description.of, description.field),
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
