import { lazy, Suspense } from 'react';
import type { BlockData } from '../../client/block.ts';
import { useLab } from '../../client/lab-context.tsx';
import type { BlockState } from '../../client/lab-store.ts';
import { CodeArea } from '../CodeArea/index.tsx';
import { OptionalPart } from '../OptionalPart/index.tsx';
import styles from './styles.module.css';

const CodeEditor = lazy(() => import('../CodeEditor/index.tsx'));

export interface CodePartProps {
  readonly data: BlockData;
  readonly state: BlockState;
  readonly label: string;
  /** Of the plain text field. */
  readonly inputId: string;
  /** In the editor with completion, in the place of the plain field. */
  readonly editing: boolean;
  readonly onRun: (andGoOn?: boolean) => void;
  readonly onLeaveEditor: () => void;
}

/** What a block runs, for the reader to change, and what to do where the note has changed it, too. */
export function CodePart(props: CodePartProps) {
  const { data, state, label, inputId, editing, onRun, onLeaveEditor } = props;
  const store = useLab();
  const setCode = (code: string) => store.setCode(data.id, code);
  const own = { kind: data.kind, code: state.code, label, onChange: setCode, onRun };
  const plain = <CodeArea {...own} inputId={inputId} />;
  return (
    <>
      {editing ? (
        <OptionalPart
          fallback={
            <>
              {plain}
              <p className={styles.outdated}>편집기를 불러오지 못했다. 코드는 위에서 그대로 고칠 수 있다.</p>
            </>
          }
        >
          <Suspense fallback={plain}>
            <CodeEditor
              {...own}
              ask={(kind, question) => store.ask(kind, question, data.id)}
              onLeave={onLeaveEditor}
            />
          </Suspense>
        </OptionalPart>
      ) : (
        plain
      )}
      {state.outdated !== undefined && (
        <p className={styles.outdated}>
          이 예시는 고친 뒤에 새로 바뀌었다.{' '}
          <button type="button" onClick={() => setCode(state.outdated!)}>
            내 코드
          </button>{' '}
          <button type="button" onClick={() => store.revert(data.id)}>
            새 예시
          </button>
        </p>
      )}
    </>
  );
}
