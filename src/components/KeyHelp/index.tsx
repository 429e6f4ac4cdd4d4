import { useEffect, useRef } from 'react';
import styles from './styles.module.css';

const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['Ctrl+Enter (⌘+Enter)', '블록을 실행한다'],
  ['Shift+Enter', '실행하고 다음 블록으로 간다'],
  ['Esc', '편집 칸에서 나온다'],
  ['Ctrl+. (⌘+.)', '편집기가 밑줄을 그은 곳을 고친다'],
  ['← →', '결과 탭을 옮긴다'],
  ['Ctrl+K (⌘+K)', '노트를 찾는다'],
  ['?', '이 목록을 연다 (블록 안, 편집 칸 밖에서)'],
];

/** The keys of a live block; the keyboard goes back to where it was when it closes. */
export default function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current!;
    if (!element.open) element.showModal();
    return () => element.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles.help}
      aria-label="단축키"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <table className={styles.keys}>
        <caption>단축키</caption>
        <tbody>
          {KEYS.map(([keys, does]) => (
            <tr key={keys}>
              <th scope="row">{keys}</th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" className={styles.close} onClick={onClose}>
        닫기
      </button>
    </dialog>
  );
}
