import SearchBar from '@theme-original/SearchBar';
import type { ComponentProps } from 'react';
import { useEffect, useRef } from 'react';
import styles from './styles.module.css';

/**
 * The theme's search field. When its index has come it takes the focus, wherever the reader is by then: who passes it by
 * with Tab would be thrown back. So once it was left, only the reader brings the focus there again.
 */
export default function SearchField(props: ComponentProps<typeof SearchBar>) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const input = root.current?.querySelector('input');
    if (input == null) return;
    // What the theme calls it is English.
    input.setAttribute('aria-label', '노트 찾기');
    const leave = () => {
      input.focus = () => {};
    };
    // The shortcut calls focus(), and a click or Tab does not.
    const come = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey) Reflect.deleteProperty(input, 'focus');
    };
    input.addEventListener('blur', leave);
    window.addEventListener('keydown', come, true);
    return () => {
      input.removeEventListener('blur', leave);
      window.removeEventListener('keydown', come, true);
    };
  }, []);
  return (
    <div ref={root} className={styles.field}>
      <SearchBar {...props} />
    </div>
  );
}
