import { usePrismTheme } from '@docusaurus/theme-common';
import useIsBrowser from '@docusaurus/useIsBrowser';
import { Highlight, Prism } from 'prism-react-renderer';
import type { KeyboardEvent } from 'react';
import type { BlockKind } from '../../client/block.ts';
import styles from './styles.module.css';

export interface CodeAreaProps {
  readonly kind: BlockKind;
  readonly code: string;
  readonly label: string;
  readonly inputId: string;
  readonly onChange: (code: string) => void;
  readonly onRun: (andGoOn: boolean) => void;
}

const LANGUAGES: Readonly<Record<BlockKind, string>> = {
  bash: 'bash',
  http: 'http',
  yaml: 'yaml',
  ts: 'typescript',
};

interface Part {
  readonly code: string;
  readonly language: string;
}

/** The body of a request has a language of its own. */
function partsOf(kind: BlockKind, code: string): Part[] {
  const blank = kind === 'http' ? code.indexOf('\n\n') : -1;
  if (blank < 0) return [{ code, language: LANGUAGES[kind] }];
  const body = code.slice(blank + 2);
  return [
    { code: code.slice(0, blank + 1), language: LANGUAGES.http },
    { code: body, language: body.trimStart().startsWith('{') ? 'json' : LANGUAGES.yaml },
  ];
}

/**
 * Code that is edited where it stands: highlighted text, and over it a plain text area of the same
 * size. Tab leaves it, Escape too; Enter keeps the indentation, and while a Hangul syllable is
 * composed it is the composer's.
 */
export function CodeArea({ kind, code, label, inputId, onChange, onRun }: CodeAreaProps) {
  const isBrowser = useIsBrowser();
  const theme = usePrismTheme();
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') event.currentTarget.blur();
    if (event.key !== 'Enter') return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      event.preventDefault();
      onRun(event.shiftKey);
      return;
    }
    // The next line begins where this one did: YAML is all indentation.
    const { value, selectionStart } = event.currentTarget;
    const [indent] = /^ */.exec(value.slice(0, selectionStart).split('\n').at(-1)!)!;
    // As if it were typed, so that it can be undone.
    if (indent !== '' && document.execCommand('insertText', false, `\n${indent}`)) event.preventDefault();
  };
  return (
    <div className={styles.scroll}>
      <div className={styles.stack}>
        <pre className={styles.code} aria-hidden={isBrowser} style={{ color: theme.plain.color }}>
          {partsOf(kind, code).map((part, index) => (
            <Highlight prism={Prism} theme={theme} {...part} key={`${index} ${isBrowser}`}>
              {({ tokens, getLineProps, getTokenProps }) =>
                tokens.map((line, row) => (
                  <div key={row} {...getLineProps({ line })}>
                    {line.map((token, column) => (
                      <span key={column} {...getTokenProps({ token })} />
                    ))}
                    {'\n'}
                  </div>
                ))
              }
            </Highlight>
          ))}
        </pre>
        {isBrowser && (
          <textarea
            id={inputId}
            className={styles.input}
            aria-label={label}
            value={code}
            rows={1}
            spellCheck={false}
            autoCapitalize="off"
            autoCorrect="off"
            autoComplete="off"
            wrap="off"
            onChange={(event) => onChange(event.target.value)}
            onKeyDown={onKeyDown}
          />
        )}
      </div>
    </div>
  );
}
