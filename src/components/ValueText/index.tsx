import { useEffect, useRef } from 'react';
import type { StoredValue } from '../../client/block.ts';
import type { DiffLine } from '../../client/line-diff.ts';
import { diffLines } from '../../client/line-diff.ts';
import styles from './styles.module.css';

const MARKS = { same: ' ', added: '+', removed: '-' } as const;

export interface ValueTextProps {
  readonly value: StoredValue;
  /** The same key earlier; missing: nothing to compare with. */
  readonly before?: StoredValue | undefined;
  /** As it lies in etcd, instead of as YAML. */
  readonly raw?: boolean;
}

/** The value of a key, with the lines marked that it did not have before. */
export default function ValueText({ value, before, raw = false }: ValueTextProps) {
  const textOf = (stored: StoredValue) => (raw ? stored.value : (stored.yaml ?? stored.value)) ?? '';
  if (value.value === undefined && before?.value === undefined)
    return <p className={styles.missing}>이 리비전에는 키가 없다.</p>;
  return <Lines lines={diffLines(before === undefined ? textOf(value) : textOf(before), textOf(value))} />;
}

/** Begins where something changed. */
function Lines({ lines }: { readonly lines: readonly DiffLine[] }) {
  const root = useRef<HTMLPreElement>(null);
  const first = lines.findIndex(({ mark }) => mark !== 'same');
  const changed = lines[first]?.text;
  useEffect(() => {
    const line = root.current?.children[first] as HTMLElement | undefined;
    if (line !== undefined) root.current!.scrollTop = line.offsetTop - root.current!.offsetTop - 40;
  }, [first, changed]);
  return (
    <pre ref={root} className={styles.value} tabIndex={0}>
      {lines.map(({ mark, text }, index) => (
        <span key={index} className={styles[mark]}>
          {MARKS[mark]} {text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
