import useBaseUrl from '@docusaurus/useBaseUrl';
import useIsBrowser from '@docusaurus/useIsBrowser';
import styles from './styles.module.css';

/** The last words of an address: "kube apiserver" of "/docs/cka/kube-apiserver.html". */
function wordsOf(path: string): string {
  const last = path.split('/').findLast((part) => part !== '') ?? '';
  let text = last;
  try {
    text = decodeURIComponent(last);
  } catch {
    // Not an encoding: it is searched for as it stands.
  }
  return text
    .replace(/\.\w+$/, '')
    .replace(/[-_+.]+/g, ' ')
    .trim();
}

/** A search for what an address that leads nowhere may have meant. */
export function NoteSearch() {
  const isBrowser = useIsBrowser();
  return (
    <form className={styles.search} role="search" action={useBaseUrl('/search/')}>
      <input
        type="search"
        name="q"
        className={styles.words}
        aria-label="노트에서 찾을 말"
        key={String(isBrowser)}
        defaultValue={isBrowser ? wordsOf(window.location.pathname) : ''}
      />
      <button type="submit" className="button button--primary">
        찾기
      </button>
    </form>
  );
}
