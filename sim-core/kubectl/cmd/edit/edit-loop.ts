import type { Json, KubeObject } from '../../../apimachinery/object.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import { goSyntax } from '../../../apimachinery/go-values.ts';
import type { Invocation } from '../../invocation.ts';
import { toYaml } from '../../../apimachinery/json/yaml-writer.ts';
import type { Fetched } from '../../resource/objects.ts';
import { type RestMapping, resourceText } from '../../resource/rest-mapper.ts';
import { readYaml } from '../../resource/yaml-reader.ts';
import { launchEditor } from '../../util/editor.ts';
import { ExitError } from '../../util/errors.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';

export const OBJECT_HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;
export const LAST_APPLIED_HEADER = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`;

export interface EditLoop {
  readonly header: string;
  readonly output: 'yaml' | 'json';
  /** Sends one object that was changed. What the server finds wrong with it is told, and edited again. */
  save(edited: KubeObject, original: Fetched): Promise<void>;
  /** The objects are none of the server's yet: a refusal ends it. */
  readonly isNew?: boolean;
  /** An object that the editor left as it was. */
  skip(object: KubeObject): void;
}

interface Reason {
  readonly head: string;
  readonly others: readonly string[];
}

/**
 * Opens the objects in the reader's editor until what comes back is saved, unchanged or given up.
 * Models pkg/cmd/util/editor EditOptions.Run.
 */
export async function editObjects(
  invocation: Invocation,
  fetched: readonly Fetched[],
  loop: EditLoop,
): Promise<void> {
  const { io, environment } = invocation;
  const { files } = environment.machine;
  const [only, another] = fetched;
  const shown: unknown =
    another === undefined
      ? withoutManagedFields(only!.object)
      : {
          apiVersion: 'v1',
          kind: 'List',
          metadata: {},
          items: fetched.map(({ object }) => withoutManagedFields(object)),
        };
  const original = loop.output === 'json' ? `${goJson(shown, 4)}\n` : toYaml(shown);
  let body = original;
  let reasons: readonly Reason[] = [];
  let file = '';
  const preserved = (error: Error): Error => {
    if (file !== '' && files.exists(file))
      io.stderr(`A copy of your changes has been stored to ${JSON.stringify(file)}\n`);
    return error;
  };
  for (;;) {
    const header = loop.output === 'json' ? '' : loop.header + reasons.map(reasonText).join('');
    const edited = await launchEditor(invocation, header + body, `.${loop.output}`).catch((error: Error) => {
      throw preserved(error);
    });
    if (file !== '' && files.exists(file)) files.remove(file);
    file = edited.path;
    const text = withoutComments(edited.text);
    if (reasons.length > 0 && saysTheSame(text, body))
      throw preserved(new Error('Edit cancelled, no valid changes were saved.'));
    body = text;
    let objects: KubeObject[];
    try {
      objects = parseEdited(text);
    } catch (error) {
      // What is broken is found before it is seen that a file is empty.
      const { mapping, object } = fetched[0]!;
      const what = `${resourceText(mapping)} ${JSON.stringify(object.metadata.name)}`;
      io.stderr(`error: ${what} is invalid\n`);
      const failure = `<nil>: Invalid value: "The edited file failed validation": ${(error as Error).message}`;
      reasons = [{ head: `${what} was not valid`, others: [failure] }];
      continue;
    }
    if (goJson(shown) === goJson(another === undefined ? objects[0] : readYaml(text)[0])) {
      files.remove(file);
      io.stderr('Edit cancelled, no changes made.\n');
      return;
    }
    const outcome = await saveAll(invocation, objects, fetched, loop).catch((error: Error) => {
      throw preserved(error);
    });
    if (outcome.retryable) {
      io.stderr(`You can run \`kubectl replace -f ${file}\` to try this update again.\n`);
      throw new ExitError();
    }
    if (outcome.notFound) {
      io.stderr(`The edits you made on deleted resources have been saved to ${JSON.stringify(file)}\n`);
      throw new ExitError();
    }
    if (outcome.reasons.length === 0) {
      files.remove(file);
      return;
    }
    reasons = outcome.reasons;
  }
}

interface Outcome {
  readonly reasons: readonly Reason[];
  readonly retryable: boolean;
  readonly notFound: boolean;
}

async function saveAll(
  { io }: Invocation,
  objects: readonly KubeObject[],
  fetched: readonly Fetched[],
  loop: EditLoop,
): Promise<Outcome> {
  const reasons: Reason[] = [];
  let retryable = false;
  let notFound = false;
  for (const object of objects) {
    const original =
      fetched.find((one) => one.object.metadata.uid === object.metadata?.uid) ??
      (fetched.length === 1 && object.metadata !== undefined ? fetched[0] : undefined);
    if (original === undefined)
      throw new Error(`no original object found for &unstructured.Unstructured{Object:${goSyntax(object)}}`);
    if (goJson(withoutManagedFields(original.object)) === goJson(object)) {
      loop.skip(object);
      continue;
    }
    try {
      await loop.save(object, original);
    } catch (error) {
      if (!(error instanceof StatusError) || loop.isNew === true) throw error;
      const { mapping } = original;
      const what = `${resourceText(mapping)} ${JSON.stringify(original.object.metadata.name)}`;
      if (error.reason === 'Invalid') {
        reasons.push(invalidReason(error, mapping, original.object.metadata.name ?? ''));
        io.stderr(`error: ${what} is invalid\n`);
      } else if (error.reason === 'NotFound') {
        notFound = true;
        io.stderr(`error: ${what} could not be found on the server\n`);
      } else {
        retryable = true;
        io.stderr(`error: ${what} could not be patched: ${error.message}\n`);
      }
    }
  }
  return { reasons, retryable, notFound };
}

function invalidReason({ status }: StatusError, mapping: RestMapping, name: string): Reason {
  return {
    head: `${resourceText(mapping)} ${JSON.stringify(name)} was not valid`,
    others: (status.details?.causes ?? []).map(({ field = '', message = '' }) => `${field}: ${message}`),
  };
}

function reasonText({ head, others }: Reason): string {
  const hashed = (text: string) => text.replaceAll(/\n(?!#|$)/g, '\n# ');
  const lines = [
    `# ${hashed(head)}${others.length > 0 ? ':' : ''}`,
    ...others.map((other) => `# * ${hashed(other)}`),
    '#',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function parseEdited(text: string): KubeObject[] {
  if (text.trim() === '') throw new Error('unknown object type "nil"');
  return readYaml(text).flatMap((value: Json) => {
    const object = value as unknown as KubeObject;
    if (typeof object !== 'object' || typeof object.kind !== 'string' || object.kind === '')
      throw new Error(`unable to decode "edited-file": Object 'Kind' is missing in '${goJson(value)}'`);
    return object.kind === 'List' ? (object.items as KubeObject[]) : [object];
  });
}

/** The text without the lines that begin with a `#`. */
function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n');
}

/** Models cmdutil.StripComments, whose outcomes are compared: of YAML it leaves the values alone. */
function saysTheSame(text: string, other: string): boolean {
  try {
    return goJson(readYaml(text)) === goJson(readYaml(other));
  } catch {
    return text === other;
  }
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
