import { parse } from 'yaml';
import type { JsonObject } from '../../apimachinery/object.ts';
import type { AdmissionSelection } from '../../apiserver/admission/plugin-selection.ts';
import { podSecurityConfiguration } from '../../apiserver/admission/plugin/podsecurity/configuration.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import { CommandError } from './command.ts';
import type { Flags } from './flags.ts';
import { readFile } from './services.ts';

interface AdmissionConfiguration {
  readonly plugins?: readonly {
    readonly name: string;
    readonly path?: string;
    readonly configuration?: JsonObject | null;
  }[];
}

/**
 * The selection with what --admission-control-config-file, which must be given, says of its plugins. Throws a
 * {@link CommandError}.
 */
export function configuredAdmission(
  environment: ProgramEnvironment,
  flags: Flags,
  selection: AdmissionSelection,
): AdmissionSelection {
  const path = flags.get('admission-control-config-file');
  const read = (file: string): unknown => {
    const text = readFile(environment, file);
    if (text === undefined) throw new Error(`open ${file}: no such file or directory`);
    return parse(text);
  };
  let given: JsonObject | undefined;
  try {
    given = configurationOf('PodSecurity', read(path) as AdmissionConfiguration | null, path, read);
  } catch (error) {
    const why = `unable to read admission control configuration from ${JSON.stringify(path)} [${(error as Error).message}]`;
    throw new CommandError(`failed to initialize admission: failed to read plugin config: ${why}`);
  }
  try {
    return { ...selection, podSecurity: podSecurityConfiguration(given) };
  } catch (error) {
    const why = `couldn't init admission plugin "PodSecurity": ${(error as Error).message}`;
    throw new CommandError(`failed to initialize admission: ${why}`);
  }
}

/** A plugin's own part of the file, or of the file that it names. Models admission.ReadAdmissionConfiguration. */
function configurationOf(
  plugin: string,
  configuration: AdmissionConfiguration | null,
  path: string,
  read: (file: string) => unknown,
): JsonObject | undefined {
  const entry = configuration?.plugins?.find(({ name }) => name === plugin);
  if (entry === undefined) return undefined;
  if (entry.configuration) return entry.configuration;
  if (!entry.path) return undefined;
  const file = entry.path.startsWith('/')
    ? entry.path
    : `${path.slice(0, path.lastIndexOf('/'))}/${entry.path}`;
  return read(file) as JsonObject;
}
