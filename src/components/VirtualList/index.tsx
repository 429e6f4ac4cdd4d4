import type { KeyboardEvent, ReactNode } from 'react';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import styles from './styles.module.css';

/** Rows above and below the seen ones that stand ready; the window moves by as many at a time. */
const MARGIN = 8;

export interface VirtualListProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  /** In pixels; all rows are of one height. */
  readonly rowHeight: number;
  readonly role: 'tree' | 'listbox';
  /** Which row is chosen; -1 for none. */
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
  /** Right and Left on a row that opens and closes. */
  readonly onToggle?: (index: number, open: boolean) => void;
  readonly describe?: (row: Row) => { readonly level: number; readonly expanded?: boolean };
  readonly children: (row: Row, index: number) => ReactNode;
}

/** A list of any length: only what is seen is in the document. Arrow keys walk it, Enter chooses. */
export function VirtualList<Row>(props: VirtualListProps<Row>) {
  const { label, rows, rowHeight, role, chosen, onChoose, onToggle, describe, children } = props;
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  /** The first row of the window that is seen, in steps of {@link MARGIN}, and the height of the list. */
  const [start, setStart] = useState(0);
  const [height, setHeight] = useState(400);
  const [active, setActive] = useState(Math.max(chosen, 0));
  const [before, setBefore] = useState(chosen);
  if (chosen !== before) {
    setBefore(chosen);
    if (chosen >= 0) setActive(chosen);
  }
  const current = Math.min(active, Math.max(rows.length - 1, 0));

  useLayoutEffect(() => {
    const element = root.current!;
    const measure = () => setHeight(element.clientHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (chosen >= 0) reveal(root.current!, chosen, rowHeight);
  }, [chosen, rowHeight]);

  const slots = Math.ceil(height / rowHeight) + 3 * MARGIN;
  const first = Math.max(0, Math.min(start, rows.length) - MARGIN);
  const last = Math.min(rows.length, first + slots);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: rows.length - 1,
    };
    const move = moves[event.key];
    if (move !== undefined) {
      const next = Math.min(Math.max(move, 0), rows.length - 1);
      setActive(next);
      reveal(root.current!, next, rowHeight);
    } else if (event.key === 'Enter' || event.key === ' ') onChoose(current);
    else if (event.key === 'ArrowRight') onToggle?.(current, true);
    else if (event.key === 'ArrowLeft') onToggle?.(current, false);
    else return;
    event.preventDefault();
  };

  const rowRole = role === 'tree' ? 'treeitem' : 'option';
  return (
    <div
      ref={root}
      className={styles.list}
      role={role}
      aria-label={label}
      aria-activedescendant={rows.length > 0 ? `${id}-${current}` : undefined}
      tabIndex={0}
      onScroll={(event) => setStart(Math.floor(event.currentTarget.scrollTop / rowHeight / MARGIN) * MARGIN)}
      onKeyDown={onKeyDown}
    >
      <div className={styles.space} role="presentation" style={{ height: rows.length * rowHeight }}>
        {/* Whom the keys point at is in the document even if it was scrolled away. */}
        {indices(first, last, current, rows.length).map((index) => {
          const row = rows[index]!;
          const { level, expanded } = describe?.(row) ?? {};
          return (
            <div
              // Elements are used again for other rows: to make and remove them is what scrolling would cost.
              key={index >= first && index < last ? index % slots : 'current'}
              id={`${id}-${index}`}
              className={styles.row}
              role={rowRole}
              aria-level={level}
              aria-expanded={expanded}
              aria-selected={index === chosen}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              data-active={index === current}
              style={{ transform: `translateY(${index * rowHeight}px)`, height: rowHeight }}
              onClick={() => {
                setActive(index);
                onChoose(index);
              }}
            >
              {children(row, index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function indices(first: number, last: number, current: number, length: number): number[] {
  const seen = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
  return length === 0 || (current >= first && current < last) ? seen : [...seen, current];
}

function reveal(element: HTMLElement, index: number, rowHeight: number): void {
  const top = index * rowHeight;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + rowHeight > element.scrollTop + element.clientHeight)
    element.scrollTop = top + rowHeight - element.clientHeight;
}
