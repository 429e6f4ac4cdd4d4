import type { StoredValue } from '../../client/block.ts';
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
export function ValueText({ value, before, raw = false }: ValueTextProps) {
  const textOf = (stored: StoredValue) => (raw ? stored.value : (stored.yaml ?? stored.value)) ?? '';
  if (value.value === undefined && before?.value === undefined)
    return <p className={styles.meta}>이 리비전에는 키가 없다.</p>;
  const lines = diffLines(before === undefined ? textOf(value) : textOf(before), textOf(value));
  return (
    <pre className={styles.value} tabIndex={0}>
      {lines.map(({ mark, text }, index) => (
        <span key={index} className={styles[mark]}>
          {MARKS[mark]} {text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
