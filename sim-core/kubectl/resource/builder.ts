import type { KubeObject } from '../../apimachinery/object.ts';
import { errorOfResponse } from '../../client-go/rest/response-error.ts';
import type { ParsedArguments } from '../cobra/flags.ts';
import type { Factory } from '../factory.ts';
import type { Invocation } from '../invocation.ts';
import { isReason, StatusError } from '../../apimachinery/status.ts';
import { matchingPaths } from './file-pattern.ts';
import { throwAll } from '../util/errors.ts';
import type { Manifest } from './manifests.ts';
import { objectPath, required } from './helper.ts';
import type { RestMapping } from './rest-mapper.ts';
import { type Directive, directiveOf } from '../validation/directive.ts';

/** One thing that the arguments name. Models cli-runtime resource.Info and Selector. */
export type Target =
  | {
      readonly type: 'name';
      readonly mapping: RestMapping;
      /** "" for cluster-scoped resources. */
      readonly namespace: string;
      readonly name: string;
      /** Of a file: the object as it stands there, and where that is. */
      readonly manifest?: Manifest;
    }
  | {
      readonly type: 'selector';
      readonly mapping: RestMapping;
      /** "" for all namespaces. */
      readonly namespace: string;
      readonly labelSelector: string;
      readonly fieldSelector: string;
    };

/** One thing that a visit of the arguments comes upon, in its order. Those of a list have its number. */
export type Visit = ({ readonly target: Target } | { readonly error: Error }) & { readonly list?: number };

export interface Targets {
  readonly targets: readonly Target[];
  /** Of files: the targets and what is wrong between them. */
  readonly visits?: readonly Visit[];
  /** True if the arguments name one object or one file: output is then an object and no list, if it is one. */
  readonly singleItem: boolean;
}

export interface BuilderOptions {
  /** A type alone means all its objects (get), or is a mistake (delete). */
  readonly allowEmptySelector: boolean;
  readonly allNamespaces?: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** --all */
  readonly selectAll?: boolean;
  readonly filenames?: readonly string[];
  readonly recursive?: boolean;
  /** -k: a directory to build. */
  readonly kustomize?: string;
  /** Missing: Ignore. */
  readonly validate?: Directive;
  readonly singleResourceType?: boolean;
  /** Only kinds that kubectl itself knows are read from files. Models Builder.WithScheme. */
  readonly typed?: boolean;
  readonly subresource?: string;
  /** Accept "NAME" alone as an object of this resource. */
  readonly defaultResource?: string;
}

/** What is visited, in order; where there are no files, the targets. */
export function visitsOf({ targets, visits }: Targets): readonly Visit[] {
  return visits ?? targets.map((target) => ({ target }));
}

const MISSING_RESOURCE = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

/**
 * What the arguments and files of a command name. Throws an Error with kubectl's words; what is wrong with
 * single objects of a file goes to `errors`, if the command goes on with the others (ContinueOnError).
 * Models cli-runtime resource.Builder.
 */
export async function resolveTargets(
  invocation: Invocation,
  args: readonly string[],
  options: BuilderOptions,
  errors?: Error[],
): Promise<Targets> {
  const { factory } = invocation;
  const { namespace } = factory.namespace();
  const filenames = [...(options.filenames ?? []), ...(options.kustomize ? [options.kustomize] : [])];
  checkFilenames(invocation, options);
  const labelSelector = options.labelSelector ?? '';
  const fieldSelector = options.fieldSelector ?? '';
  const arranged = await arrangeArguments(invocation, args, options);
  const { tuples, types, names } = arranged;
  if (filenames.length > 0) {
    if (types.length > 0)
      throw new Error(
        'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
      );
    if (names.length > 0) throw new Error('name cannot be provided when a path is specified');
    if (tuples.length > 0)
      throw new Error('resource/name arguments cannot be provided when a path is specified');
    const failed: Error[] = [];
    // Reading files, and the YAML in them, is not what most lines do.
    const { targetsOfFiles } = await invocation.environment.clock.outside(import('./file-targets.ts'));
    const found = await targetsOfFiles(invocation, options, failed);
    if (errors === undefined) throwAll(failed.slice(0, 1));
    errors?.push(...failed);
    return found;
  }
  const byName = (mapping: RestMapping, name: string): Target => {
    if (mapping.namespaced && options.allNamespaces === true) {
      throw new Error('a resource cannot be retrieved by name across all namespaces');
    }
    return { type: 'name', mapping, namespace: mapping.namespaced ? namespace : '', name };
  };
  if (arranged.selectAll || options.selectAll === true || labelSelector !== '' || fieldSelector !== '') {
    if (names.length > 0) throw new Error('name cannot be provided when a selector is specified');
    if (tuples.length > 0)
      throw new Error('selectors and the all flag cannot be used when passing resource/name arguments');
    if (types.length === 0) throw new Error('at least one resource must be specified to use a selector');
    if (options.subresource) throw new Error('subresource cannot be used when bulk resources are specified');
    const mappings = await mappingsOf(invocation, types, options);
    return {
      singleItem: false,
      targets: mappings.map((mapping) => ({
        type: 'selector',
        mapping,
        namespace: mapping.namespaced && options.allNamespaces !== true ? namespace : '',
        labelSelector,
        fieldSelector,
      })),
    };
  }
  if (tuples.length > 0) {
    const mappings = await mappingsOf(
      invocation,
      tuples.map(([type]) => type),
      options,
      true,
    );
    return {
      singleItem: tuples.length === 1,
      targets: tuples.map(([, name], index) => byName(mappings[index]!, name)),
    };
  }
  if (names.length > 0) {
    if (types.length === 0) throw new Error('you must provide a resource and a resource name together');
    if (types.length > 1) throw new Error('you must specify only one resource');
    const [mapping] = await mappingsOf(invocation, types, options);
    return { singleItem: names.length === 1, targets: names.map((name) => byName(mapping!, name)) };
  }
  if (types.length > 0) {
    await mappingsOf(invocation, types, options);
    throw new Error('resource(s) were provided, but no name was specified');
  }
  throw new Error(MISSING_RESOURCE);
}

interface Arranged {
  readonly tuples: readonly (readonly [string, string])[];
  readonly types: readonly string[];
  readonly names: readonly string[];
  readonly selectAll: boolean;
}

/** Models Builder.ResourceTypeOrNameArgs and ResourceNames. */
async function arrangeArguments(
  { factory }: Invocation,
  given: readonly string[],
  options: BuilderOptions,
): Promise<Arranged> {
  let args = [...given];
  const none: Arranged = { tuples: [], types: [], names: [], selectAll: false };
  if (args.length === 0) return none;
  if (options.defaultResource !== undefined) {
    return {
      ...none,
      tuples: args.map((argument) =>
        argument.includes('/') ? splitTuple(argument) : [options.defaultResource!, argument],
      ),
    };
  }
  if (args.length > 1 && args[0]!.includes(',') && !args.some((argument) => argument.includes('/'))) {
    args = args.slice(1).flatMap((name) => args[0]!.split(',').map((type) => `${type}/${name}`));
  }
  const withSlash = args.filter((argument) => argument.includes('/')).length;
  if (withSlash > 0 && withSlash < args.length) {
    throw new Error(
      'there is no need to specify a resource type as a separate argument when passing arguments in resource/name form ' +
        "(e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    );
  }
  if (withSlash > 0) return { ...none, tuples: args.map(splitTuple) };
  const mapper = args[0]!.split(',').includes('all') ? await factory.mapper() : undefined;
  const types = (mapper?.expandCategory(args[0]!) ?? args[0]!).split(',');
  const selectAll = args.length === 1 && options.allowEmptySelector && (options.labelSelector ?? '') === '';
  return { ...none, types: [...new Set(types)], names: args.slice(1), selectAll };
}

/** Models Builder.FilenameParam: what is wrong with the files comes before what is wrong with the arguments. */
function checkFilenames({ environment: { machine, cwd } }: Invocation, options: BuilderOptions): void {
  const { filenames = [], kustomize = '' } = options;
  if (filenames.length > 0 && kustomize !== '') throw new Error('only one of -f or -k can be specified');
  if (filenames.filter((name) => name === '-').length > 1)
    throw new Error('standard input cannot be used for multiple arguments');
  if (kustomize !== '' && options.recursive === true)
    throw new Error("the -k flag can't be used with -f or -R");
  const missing = filenames.filter(
    (name) =>
      name !== '-' && !/^https?:\/\//.test(name) && matchingPaths(name, machine.files, cwd).length === 0,
  );
  throwAll(missing.map((name) => new Error(`the path ${JSON.stringify(name)} does not exist`)));
}

function splitTuple(argument: string): [string, string] {
  const [type = '', name = '', ...more] = argument.split('/');
  if (more.length > 0) throw new Error('arguments in resource/name form may not have more than one slash');
  if (type === '' || name === '' || type.includes(',')) {
    throw new Error('arguments in resource/name form must have a single resource and name');
  }
  return [type, name];
}

async function mappingsOf(
  { factory }: Invocation,
  types: readonly string[],
  options: BuilderOptions,
  keepDuplicates = false,
): Promise<RestMapping[]> {
  if (!keepDuplicates && types.length > 1 && options.singleResourceType === true) {
    throw new Error('you may only specify a single resource type');
  }
  const mappings: RestMapping[] = [];
  for (const type of types) {
    const mapping = await mappingFor(factory, type);
    if (keepDuplicates || !mappings.includes(mapping)) mappings.push(mapping);
  }
  return mappings;
}

/** The mapping for an argument, with a warning if a short name may mean another resource as well. */
async function mappingFor(factory: Factory, argument: string): Promise<RestMapping> {
  const mapping = await factory.lookup((mapper) => mapper.mappingFor(argument));
  for (const other of (await factory.mapper()).othersCalled(argument, mapping))
    factory.warn(`short name ${JSON.stringify(argument)} could also match lower priority resource ${other}`);
  return mapping;
}

/** An object that was fetched, or a Table of objects where one was asked for. */
export interface Info {
  readonly mapping: RestMapping;
  readonly namespace: string;
  /** "" for a list. */
  readonly name: string;
  readonly object: KubeObject;
}

export interface FetchOptions {
  readonly accept?: string;
  readonly includeObject?: boolean;
  /** Page size of lists; 0 for all at once. */
  readonly chunkSize: number;
  readonly subresource?: string;
}

/**
 * Gets what a target names: the object, or the pages of the list, each as the server gave it.
 * Models cli-runtime resource.Info.Get and Selector.Visit.
 */
export async function fetchTarget(
  { factory }: Invocation,
  target: Target,
  options: FetchOptions,
): Promise<Info[]> {
  const { mapping, namespace } = target;
  const includeObject = options.includeObject === true ? 'Object' : undefined;
  const request = async (path: string): Promise<KubeObject> => {
    const response = await factory.client().raw({
      method: 'GET',
      path,
      ...(options.accept !== undefined && { accept: options.accept }),
    });
    if (response.status >= 400 || typeof response.body !== 'string')
      throw errorOfResponse(response, { method: 'GET', path });
    return JSON.parse(response.body) as KubeObject;
  };
  if (target.type === 'name') {
    const path = objectPath(
      mapping,
      namespace,
      required(target.name),
      { includeObject },
      options.subresource,
    );
    return [{ mapping, namespace, name: target.name, object: await request(path) }];
  }
  const infos: Info[] = [];
  let next: string | undefined;
  do {
    const path = objectPath(mapping, namespace, undefined, {
      continue: next,
      fieldSelector: target.fieldSelector || undefined,
      includeObject,
      labelSelector: target.labelSelector || undefined,
      limit: options.chunkSize > 0 ? String(options.chunkSize) : undefined,
    });
    const object = await request(path).catch((error: unknown) => {
      throw listError(error, target);
    });
    infos.push({ mapping, namespace, name: '', object });
    next = (object.metadata as { continue?: string } | undefined)?.continue;
  } while (next !== undefined && next !== '');
  return infos;
}

/** What was asked for stands before what the server says. Models cli-runtime resource.EnhanceListError. */
export function listError(error: unknown, target: Target & { readonly type: 'selector' }): unknown {
  if (!(error instanceof StatusError) || !(isReason(error, 'BadRequest') || isReason(error, 'NotFound')))
    return error;
  const { mapping, labelSelector, fieldSelector } = target;
  const what = JSON.stringify(`${mapping.group}/${mapping.version}, Resource=${mapping.resource}`);
  const asked =
    labelSelector === '' && fieldSelector === ''
      ? `list ${what}`
      : `find ${what} that match label selector ${JSON.stringify(labelSelector)}, field selector ${JSON.stringify(fieldSelector)}`;
  return StatusError.from({ ...error.status, message: `Unable to ${asked}: ${error.message}` });
}

/** The flags that say which objects: -f, -R, -l, --field-selector, --all, -A, where a command has them. */
export function builderOptions({ flags }: ParsedArguments, allowEmptySelector: boolean): BuilderOptions {
  const text = (name: string) => (flags.has(name) ? flags.string(name) : '');
  const truth = (name: string) => flags.has(name) && flags.bool(name);
  return {
    allowEmptySelector,
    allNamespaces: truth('all-namespaces'),
    labelSelector: text('selector'),
    fieldSelector: text('field-selector'),
    selectAll: truth('all'),
    filenames: flags.has('filename') ? flags.list('filename') : [],
    kustomize: text('kustomize'),
    recursive: truth('recursive'),
    subresource: text('subresource'),
    validate: flags.has('validate') ? directiveOf(flags.string('validate')) : 'Ignore',
  };
}
