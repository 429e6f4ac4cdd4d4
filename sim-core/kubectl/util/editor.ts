import { resolvePath } from '../../node/path.ts';
import { quoteWord } from '../../shell/quote.ts';
import type { Invocation } from '../invocation.ts';

/** What kubectl opens when no variable says otherwise. */
const DEFAULT_EDITOR = 'vi';

/** The text of a file after its editor was closed, and where it lies. */
export interface EditedFile {
  readonly text: string;
  readonly path: string;
}

/**
 * Puts `text` into a temporary file and opens it in $KUBE_EDITOR, $EDITOR or vi.
 * Throws an Error with kubectl's words if the editor does not come back well.
 * Models pkg/cmd/util/editor Editor.LaunchTempFile.
 */
export async function launchEditor(
  { environment, io }: Invocation,
  text: string,
  extension: string,
): Promise<EditedFile> {
  const { machine, variables, execute } = environment;
  const editor = variables.KUBE_EDITOR || variables.EDITOR || DEFAULT_EDITOR;
  const path = temporaryPath((candidate) => machine.files.exists(candidate), extension);
  machine.files.write(path, text, { mode: 0o600 });
  let errors = '';
  const own = { ...io, stderr: (text: string) => void (errors += text) };
  const exit = await execute(`${editor} ${quoteWord(path)}`, own);
  // The shell's own message is kubectl's to give.
  if (exit !== 127) io.stderr(errors);
  // A path that leads nowhere fails later than a name that is not found.
  if (exit === 127 && !editor.split(' ')[0]!.includes('/'))
    throw new Error(`unable to launch the editor ${JSON.stringify(editor)}`);
  if (exit !== 0) throw new Error(`there was a problem with the editor ${JSON.stringify(editor)}`);
  return { text: machine.files.read(path), path };
}

/** A name in /tmp that is free: "/tmp/kubectl-edit-1000.yaml". */
function temporaryPath(exists: (path: string) => boolean, extension: string): string {
  for (let number = 1000; ; number++) {
    const path = resolvePath('/tmp', `kubectl-edit-${number}${extension}`);
    if (!exists(path)) return path;
  }
}
