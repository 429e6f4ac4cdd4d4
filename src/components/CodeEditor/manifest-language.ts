import type * as Monaco from 'monaco-editor/editor';
import type { LabStore } from '../../client/lab-store.ts';

type Api = typeof Monaco;
type Model = Monaco.editor.ITextModel;
/** Asks the lab about a manifest; what a block's editor shows is answered by that block's lab. */
type Ask = LabStore['ask'];

/** How long the reader's typing rests before the text is checked, in milliseconds. */
const REST = 300;
const OWNER = 'manifest';
const LANGUAGE = 'yaml';

/** The editors of manifests by their text; the editor's languages are one for the whole page. */
const asking = new WeakMap<Model, Ask>();
/** What is marked in each text, and the version of the text that this is of. */
const marked = new WeakMap<
  Model,
  { readonly version: number; readonly problems: Awaited<ReturnType<typeof problemsOf>> }
>();
const problemsOf = (ask: Ask, model: Model) => ask('manifest-problems', { text: model.getValue() });

/** Gives YAML completion, hover and quick fixes from the lab's own schemas. Once for an editor's code. */
export function registerManifestLanguage(monaco: Api): void {
  monaco.languages.registerCompletionItemProvider(LANGUAGE, {
    triggerCharacters: [' ', '\n'],
    async provideCompletionItems(model, position) {
      const ask = asking.get(model);
      if (ask === undefined) return { suggestions: [] };
      const offset = model.getOffsetAt(position);
      const found = await ask('manifest-completion', { text: model.getValue(), offset });
      const range = rangeOf(monaco, model, found);
      return {
        suggestions: found.items.map((item, index) => ({
          label: item.label,
          kind: monaco.languages.CompletionItemKind.Field,
          insertText: item.insert,
          detail: item.detail,
          documentation: item.description,
          // Required fields come first: the order is the lab's.
          sortText: String(index).padStart(5, '0'),
          range,
        })),
      };
    },
  });
  monaco.languages.registerHoverProvider(LANGUAGE, {
    async provideHover(model, position) {
      const found = await asking.get(model)?.('manifest-hover', {
        text: model.getValue(),
        offset: model.getOffsetAt(position),
      });
      if (found == null) return null;
      const { title, description } = found;
      return {
        range: rangeOf(monaco, model, found),
        // Texts of upstream's, shown as they are: nothing in them is markup.
        contents: [{ value: `\`${title}\`` }, { value: escapeMarkdown(description) }],
      };
    },
  });
  monaco.languages.registerCodeActionProvider(LANGUAGE, {
    provideCodeActions(model, range) {
      const { version, problems } = marked.get(model) ?? { version: -1, problems: [] };
      // What is typed since then is not looked at yet.
      const isCurrent = version === model.getVersionId();
      const found = (isCurrent ? problems : []).flatMap(({ from, to, meant }) => {
        const place = rangeOf(monaco, model, { from, to });
        // Anywhere in its lines, as the lamp beside them shows it.
        const isNear =
          place.startLineNumber <= range.endLineNumber && place.endLineNumber >= range.startLineNumber;
        return meant === undefined || !isNear ? [] : [{ place, meant }];
      });
      return {
        actions: found.map(({ place, meant }) => ({
          // The word first: a narrow list cuts its end.
          title: `${meant} 쓰기`,
          kind: 'quickfix',
          isPreferred: true,
          edit: {
            edits: [
              {
                resource: model.uri,
                versionId: version,
                textEdit: { range: place, text: meant },
              },
            ],
          },
        })),
        dispose: () => {},
      };
    },
  });
}

/** Marks what is wrong in a manifest while it is edited. Returns what ends that. */
export function checkManifest(monaco: Api, model: Model, ask: Ask): () => void {
  asking.set(model, ask);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const check = async () => {
    const version = model.getVersionId();
    const problems = await problemsOf(ask, model).catch(() => []);
    if (model.isDisposed() || model.getVersionId() !== version) return;
    marked.set(model, { version, problems });
    const { MarkerSeverity } = monaco;
    monaco.editor.setModelMarkers(
      model,
      OWNER,
      problems.map((problem) => ({
        ...rangeOf(monaco, model, problem),
        message: problem.message,
        severity: problem.severity === 'error' ? MarkerSeverity.Error : MarkerSeverity.Warning,
      })),
    );
  };
  const listening = model.onDidChangeContent(() => {
    clearTimeout(timer);
    timer = setTimeout(() => void check(), REST);
  });
  void check();
  return () => {
    clearTimeout(timer);
    listening.dispose();
    asking.delete(model);
    marked.delete(model);
  };
}

function rangeOf(monaco: Api, model: Model, { from, to }: { from: number; to: number }): Monaco.Range {
  const [start, end] = [model.getPositionAt(from), model.getPositionAt(to)];
  return new monaco.Range(start.lineNumber, start.column, end.lineNumber, end.column);
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|-]/g, '\\$&').replaceAll('\n', '  \n');
}
