import type { PointerEvent, ReactNode } from 'react';
import { useLayoutEffect, useRef, useState } from 'react';
import { Icon } from '../Icon/index.tsx';
import styles from './styles.module.css';

/** A finger that has gone so far, in pixels, drags; before that it taps. */
const DRAG = 6;
/** Let go of below this part of its height, or going down as fast as so many pixels a millisecond, it closes. */
const CLOSING = { part: 0.3, speed: 0.5 };

export interface BottomSheetProps {
  readonly label: string;
  /** Stands still above what scrolls, and can be dragged by. */
  readonly header: ReactNode;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

interface Drag {
  readonly y: number;
  /** Where and when the finger was last seen. */
  readonly last: { readonly y: number; readonly time: number };
  readonly speed: number;
}

/**
 * A dialog that comes up from the lower edge of the screen: Escape, a tap beside it, a swipe down and its button close
 * it. The page stands still below it, and has the focus back afterwards.
 */
export function BottomSheet({ label, header, children, onClose }: BottomSheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const drag = useRef<Drag | undefined>(undefined);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    // What the Tab key would reach first, which of tabs is the chosen one.
    element.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    const { style } = document.documentElement;
    const { overflow } = style;
    style.overflow = 'hidden';
    return () => {
      style.overflow = overflow;
      // While it is in the page: then the focus goes back to where it was.
      element.close();
    };
  }, []);

  const begin = ({ clientY: y, isPrimary, timeStamp: time }: PointerEvent) => {
    if (isPrimary) drag.current = { y, last: { y, time }, speed: 0 };
  };
  const move = ({ currentTarget, pointerId, clientY: y, timeStamp: time }: PointerEvent) => {
    const from = drag.current;
    if (from === undefined || time === from.last.time) return;
    drag.current = { ...from, last: { y, time }, speed: (y - from.last.y) / (time - from.last.time) };
    if (y - from.y < DRAG && offset === 0) return;
    // From here on it is no tap on what lies below the finger.
    currentTarget.setPointerCapture(pointerId);
    setOffset(Math.max(0, y - from.y));
  };
  const end = () => {
    const speed = drag.current?.speed ?? 0;
    drag.current = undefined;
    if (offset > dialog.current!.clientHeight * CLOSING.part || (offset > 0 && speed > CLOSING.speed))
      onClose();
    else setOffset(0);
  };
  const forget = () => {
    drag.current = undefined;
    setOffset(0);
  };

  return (
    <dialog
      ref={dialog}
      className={styles.sheet}
      aria-label={label}
      data-dragged={offset > 0}
      style={{ translate: `0 ${offset}px` }}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <header
        className={styles.header}
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={forget}
      >
        <div className={styles.handle} aria-hidden="true" />
        {header}
        <button type="button" className={styles.close} aria-label="닫기" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className={styles.content}>{children}</div>
    </dialog>
  );
}
