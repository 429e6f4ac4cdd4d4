import type { Json, KubeObject } from '../../apimachinery/object.ts';
import type { Factory } from '../factory.ts';
import type { Invocation } from '../invocation.ts';
import { AggregateError, NoKindMatchError } from '../util/errors.ts';
import { Validation } from '../validation/validation.ts';
import type { BuilderOptions, Target, Targets } from './builder.ts';
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
  const targets: Target[] = [];
  for (const document of documents) {
    if ('error' in document) {
      errors.push(document.error);
      continue;
    }
    const { value, source } = document;
    const wrong = await validation.errorsOf(value);
    if (wrong.length > 0) {
      errors.push(invalidDocument(source, wrong));
      continue;
    }
    let decoded: Decoded;
    try {
      decoded = decodeDocument(value, source);
    } catch (error) {
      errors.push(error as Error);
      continue;
    }
    const found = await targetsOf(factory, decoded, source);
    targets.push(...found.targets);
    errors.push(...found.errors);
  }
  const read = new Set(documents.flatMap((document) => ('source' in document ? document.source : [])));
  return { targets, singleItem: options.filenames?.length === 1 && read.size <= 1 };
}

function invalidDocument(source: string, wrong: readonly Error[]): Error {
  return new Error(
    `error validating ${JSON.stringify(source)}: error validating data: ${new AggregateError(wrong).message}; ` +
      'if you choose to ignore these errors, turn validation off with --validate=false',
  );
}

interface Located {
  readonly targets: readonly Target[];
  readonly errors: readonly Error[];
}

/** Where the object of a document is served, or each member of its list. Models cli-runtime's mapper. */
async function targetsOf(factory: Factory, { object, members }: Decoded, source: string): Promise<Located> {
  const mapping = await mappingOfKind(factory, object);
  if (mapping instanceof NoKindMatchError) {
    const { name = '', namespace = '' } = object.metadata;
    const what = `name: ${JSON.stringify(name)} namespace: ${JSON.stringify(namespace)} from ${JSON.stringify(source)}`;
    const message = `resource mapping not found for ${what}: ${mapping.message}\nensure CRDs are installed first`;
    return { targets: [], errors: [new Error(message)] };
  }
  if (members === undefined) {
    const target = placedTarget(factory, mapping, { object, source });
    return target instanceof Error ? { targets: [], errors: [target] } : { targets: [target], errors: [] };
  }
  const targets: Target[] = [];
  const errors: Error[] = [];
  const unknown: Error[] = [];
  for (const member of members) {
    const memberMapping = await mappingOfMember(factory, member);
    if (memberMapping instanceof Error) {
      unknown.push(memberMapping);
      continue;
    }
    const target = placedTarget(factory, memberMapping, { object: member, source });
    if (target instanceof Error) errors.push(target);
    else targets.push(target);
  }
  // Members of no known kind are one error of their list, which is one of its file.
  if (unknown.length > 0) errors.push(new AggregateError([new AggregateError(unknown)]));
  return { targets, errors };
}

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
