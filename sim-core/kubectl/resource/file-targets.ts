import type { Json, KubeObject } from '../../apimachinery/object.ts';
import { parseSelector } from '../../apimachinery/labels/selector.ts';
import type { Factory } from '../factory.ts';
import type { Invocation } from '../invocation.ts';
import { AggregateError, NoKindMatchError, together } from '../util/errors.ts';
import { Validation } from '../validation/validation.ts';
import type { BuilderOptions, Target, Targets, Visit } from './builder.ts';
import type { Decoded, Manifest, ManifestDocument } from './manifests.ts';
import { decodeDocument, readDocuments, YamlLibraryNeeded } from './manifests.ts';
import type { RestMapping } from './rest-mapper.ts';

/**
 * What the files of -f and -k name. What is wrong with single documents or objects goes to `errors`.
 * Models cli-runtime resource.Builder for paths and mapper.
 */
export async function targetsOfFiles(
  invocation: Invocation,
  options: BuilderOptions,
  errors: Error[],
): Promise<Targets> {
  const { io, environment, factory } = invocation;
  const { clock, cwd, machine } = environment;
  const { files } = machine;
  const sources = {
    filenames: options.filenames ?? [],
    recursive: options.recursive ?? false,
    files,
    cwd,
    stdin: options.filenames?.includes('-') === true ? await io.stdin.readAll() : '',
  };
  let documents: ManifestDocument[];
  try {
    documents = readDocuments(sources);
  } catch (error) {
    if (!(error instanceof YamlLibraryNeeded)) throw error;
    const { parseDocument } = await clock.outside(import('./yaml-reader.ts'));
    documents = readDocuments({ ...sources, parseYaml: parseDocument });
  }
  if (options.kustomize) {
    const { buildKustomization } = await clock.outside(import('../kustomize/build.ts'));
    const objects = buildKustomization(files, cwd, options.kustomize, {
      warn: (line) => io.stderr(`${line}\n`),
    });
    documents.push(
      ...objects.map((object) => ({ value: object as unknown as Json, source: options.kustomize! })),
    );
  }
  const validation = new Validation(options.validate ?? 'Ignore', clock, (message) =>
    factory.log.warning('schema.go:145', message),
  );
  const visits: Visit[] = [];
  const fail = (error: Error) => {
    errors.push(error);
    visits.push({ error });
  };
  /** A document that is not valid is the last of its file that is read. */
  const ended = new Set<string>();
  for (const [index, document] of documents.entries()) {
    if (document.source !== undefined && ended.has(document.source)) continue;
    if ('error' in document) {
      fail(document.error);
      continue;
    }
    const { value, source } = document;
    const wrong = await validation.errorsOf(value);
    if (wrong.length > 0) {
      ended.add(source);
      fail(invalidDocument(source, wrong));
      continue;
    }
    let decoded: Decoded;
    try {
      decoded = decodeDocument(value, source);
    } catch (error) {
      fail(error as Error);
      continue;
    }
    const found = await visitsOf(factory, decoded, { source, typed: options.typed === true, list: index });
    visits.push(...found);
    const failed = found.filter((visit) => 'error' in visit);
    const [ofList, others] = [true, false].map((listed) =>
      failed.filter(({ list }) => (list !== undefined) === listed).map(({ error }) => error),
    ) as [Error[], Error[]];
    errors.push(...others, ...together(ofList));
  }
  const read = new Set(documents.flatMap((document) => ('source' in document ? document.source : [])));
  const selector = parseSelector(options.labelSelector ?? '');
  const selected = visits.filter((visit) => 'error' in visit || selector.matches(labelsOf(visit.target)));
  const targets = selected.flatMap((visit) => ('target' in visit ? [visit.target] : []));
  return { targets, visits: selected, singleItem: options.filenames?.length === 1 && read.size <= 1 };
}

/** The labels that the file gives the object, whatever the server has. */
function labelsOf(target: Target): Readonly<Record<string, string>> {
  return (target.type === 'name' && target.manifest?.object.metadata.labels) || {};
}

function invalidDocument(source: string, wrong: readonly Error[]): Error {
  return new Error(
    `error validating ${JSON.stringify(source)}: error validating data: ${new AggregateError(wrong).message}; ` +
      'if you choose to ignore these errors, turn validation off with --validate=false',
  );
}

/** What kubectl's own types are registered in. */
const SCHEME = 'pkg/scheme/scheme.go:28';

/** Where the object of a document is served, or each member of its list. Models cli-runtime's mapper. */
async function visitsOf(
  factory: Factory,
  { object, members }: Decoded,
  { source, typed, list }: { readonly source: string; readonly typed: boolean; readonly list: number },
): Promise<Visit[]> {
  const mapping = await mappingOfKind(factory, object);
  if (mapping instanceof NoKindMatchError) {
    const { kind = '', apiVersion = '' } = object;
    if (typed) {
      const what = `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`;
      return [
        { error: new Error(`unable to decode ${JSON.stringify(source)}: ${what} in scheme "${SCHEME}"`) },
      ];
    }
    const { name = '', namespace = '' } = object.metadata;
    const what = `name: ${JSON.stringify(name)} namespace: ${JSON.stringify(namespace)} from ${JSON.stringify(source)}`;
    const message = `resource mapping not found for ${what}: ${mapping.message}\nensure CRDs are installed first`;
    return [{ error: new Error(message) }];
  }
  const visit = (place: RestMapping, one: KubeObject): Visit => {
    const target = placedTarget(factory, place, { object: one, source });
    return target instanceof Error ? { error: target } : { target };
  };
  if (members === undefined) return [visit(mapping, object)];
  const visits: Visit[] = [];
  for (const member of members) {
    const memberMapping = await mappingOfMember(factory, member);
    if (memberMapping instanceof Error) {
      visits.push({ error: typed ? new Error(UNKNOWN_MEMBER) : memberMapping, list });
      continue;
    }
    // In the wrong namespace is not the list's mistake.
    const own = visit(memberMapping, member);
    visits.push('error' in own ? own : { ...own, list });
  }
  return visits;
}

const UNKNOWN_MEMBER = `unable to get type info from the object "*runtime.Unknown": no kind is registered for the type runtime.Unknown in scheme "${SCHEME}"`;

async function mappingOfMember(factory: Factory, member: KubeObject): Promise<RestMapping | Error> {
  const { kind = '', apiVersion = '' } = member;
  const untyped = (what: string) =>
    new Error(`unable to get type info from the object "*unstructured.Unstructured": Object '${what}`);
  if (kind === '') return untyped("Kind' is missing in 'object has no kind field '");
  if (apiVersion === '') return untyped("apiVersion' is missing in 'object has no apiVersion field'");
  const mapping = await mappingOfKind(factory, member);
  return mapping instanceof NoKindMatchError ? new Error(`unable to recognize ${mapping.message}`) : mapping;
}

async function mappingOfKind(
  factory: Factory,
  { apiVersion = '', kind = '' }: KubeObject,
): Promise<RestMapping | NoKindMatchError> {
  try {
    return await factory.lookup((mapper) => mapper.kindMapping(apiVersion, kind));
  } catch (error) {
    if (!(error instanceof NoKindMatchError)) throw error;
    return error;
  }
}

/** In the namespace that the object names, or else in the one in force; an Error if they contradict each other. */
function placedTarget(factory: Factory, mapping: RestMapping, manifest: Manifest): Target | Error {
  const { namespace, explicit } = factory.namespace();
  const { name = '', namespace: own = '' } = manifest.object.metadata;
  if (mapping.namespaced && explicit && own !== '' && own !== namespace) {
    return new Error(
      `the namespace from the provided object ${JSON.stringify(own)} does not match the namespace ` +
        `${JSON.stringify(namespace)}. You must pass '--namespace=${own}' to perform this operation.`,
    );
  }
  return { type: 'name', mapping, namespace: mapping.namespaced ? own || namespace : '', name, manifest };
}
