import { useState } from 'react';
import type { EtcdChange } from '../../client/block.ts';
import { etcdctlLine } from '../../client/etcdctl-line.ts';
import { formatPlace } from '../../client/lab-link.ts';
import { usePageLab } from '../../client/lab-context.tsx';
import { useAnswer } from '../../client/use-answer.ts';
import { writerOf } from '../../client/writer.ts';
import { Icon } from '../Icon/index.tsx';
import ValueText from '../ValueText/index.tsx';
import styles from './styles.module.css';

export interface KeyDetailsProps {
  readonly keyName: string;
  readonly revision: number;
  readonly changes: readonly EtcdChange[];
  readonly onRevision: (revision: number) => void;
  readonly onClose: () => void;
}

/** A key at a revision: its value and what changed in it, its other writes, who made this one. */
export function KeyDetails({ keyName, revision, changes, onRevision, onClose }: KeyDetailsProps) {
  const { trace } = usePageLab();
  const [compared, setCompared] = useState<number | undefined>();
  const [raw, setRaw] = useState(false);
  const { answer, failure } = useAnswer('value', { key: keyName, revision }, '');
  const writes = changes.filter(({ key }) => key === keyName);
  const mod = answer?.modRevision ?? 0;
  const previous =
    compared ??
    writes.findLast(({ modRevision }) => modRevision < mod)?.modRevision ??
    (mod > 0 ? mod - 1 : 0);
  const before = useAnswer('value', { key: keyName, revision: previous }, '');
  const writer = writerOf(trace, keyName, mod);
  return (
    <section className={styles.details} aria-label={`키 ${keyName}`}>
      <header className={styles.detailsHeader}>
        <code className={styles.full}>{keyName}</code>
        <button type="button" className={styles.button} onClick={onClose} aria-label="키 닫기">
          <Icon name="close" />
        </button>
      </header>
      {failure !== '' && (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      )}
      {failure === '' && answer !== undefined && (
        <>
          <p className={styles.meta}>
            create {answer.createRevision} · mod {answer.modRevision} · version {answer.version}
            {answer.lease !== '0' && ` · lease ${answer.lease}`}
          </p>
          {writer !== undefined && (
            <p className={styles.meta}>
              <b>누가 썼나</b>: {writer.user} · {writer.agent}
              <br />
              <code>
                {writer.method} {writer.path}
              </code>
            </p>
          )}
        </>
      )}
      {writes.length > 0 && (
        <ol className={styles.writes} aria-label="이 키에 한 쓰기">
          {writes.slice(-40).map(({ modRevision, type, version }) => (
            <li key={modRevision}>
              <button
                type="button"
                className={styles.button}
                aria-pressed={modRevision === mod}
                onClick={() => onRevision(modRevision)}
              >
                {type === 'delete' ? '지움' : version === 1 ? '만듦' : '고침'} rev {modRevision}
              </button>
            </li>
          ))}
        </ol>
      )}
      {answer !== undefined && failure === '' && (
        <>
          <div className={styles.tools}>
            <label>
              rev{' '}
              <input
                type="number"
                className={styles.number}
                min={0}
                value={previous}
                onChange={(event) => setCompared(Math.max(0, Number(event.target.value) || 0))}
              />{' '}
              과 견주기
            </label>
            <button type="button" className={styles.button} aria-pressed={raw} onClick={() => setRaw(!raw)}>
              저장된 그대로
            </button>
            <a href={formatPlace({ panel: 'etcd', key: keyName, revision })}>이 자리의 링크</a>
          </div>
          <ValueText
            before={previous > 0 && before.failure === '' ? before.answer : undefined}
            value={answer}
            raw={raw}
          />
          <code className={styles.command}>{etcdctlLine(`get ${keyName} --rev=${revision} -w json`)}</code>
        </>
      )}
    </section>
  );
}
