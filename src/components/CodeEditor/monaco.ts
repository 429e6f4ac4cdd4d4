import 'monaco-editor/nls/lang/ko';
import { loader } from '@monaco-editor/react';
import * as monaco from 'monaco-editor/editor';
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/shell/register';
import 'monaco-editor/languages/definitions/typescript/register';
import 'monaco-editor/languages/definitions/yaml/register';
import * as typescript from 'monaco-editor/languages/features/typescript/register';
import { LAB_GLOBALS } from '../../client/lab-globals.ts';
import { registerManifestLanguage } from './manifest-language.ts';

let configured = false;

/** Takes the editor from the site itself and tells its languages what the lab knows. */
export function configureMonaco(): void {
  if (configured) return;
  configured = true;
  self.MonacoEnvironment = {
    getWorker: (_id, label) =>
      label === 'typescript' || label === 'javascript'
        ? new Worker(new URL('monaco-editor/languages/features/typescript/ts.worker', import.meta.url), {
            type: 'module',
          })
        : new Worker(new URL('monaco-editor/editor/editor.worker', import.meta.url), { type: 'module' }),
  };
  loader.config({ monaco: monaco as never });
  const { typescriptDefaults, ScriptTarget, ModuleKind } = typescript;
  typescriptDefaults.setCompilerOptions({
    target: ScriptTarget.ESNext,
    module: ModuleKind.ESNext,
    lib: ['es2023'],
    strict: true,
    noImplicitAny: false,
    // A block is a module of its own: it may await at the top.
    moduleDetection: 3,
    allowNonTsExtensions: true,
  });
  typescriptDefaults.addExtraLib(LAB_GLOBALS, 'file:///globals.d.ts');
  registerManifestLanguage(monaco);
}
