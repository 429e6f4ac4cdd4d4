import useBaseUrl from '@docusaurus/useBaseUrl';
import { useEffect, useRef, useState } from 'react';
import { SiteUpdate } from '../../client/site-update.ts';
import styles from './styles.module.css';

/** Says, without getting in the way, that there is a newer build of the site. Never opens it by itself. */
export default function UpdateNotice() {
  const script = useBaseUrl('/sw.js');
  const update = useRef<SiteUpdate>(undefined);
  const [ready, setReady] = useState(false);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    const site = new SiteUpdate(() => setReady(true));
    update.current = site;
    void site.start(script, Date.now);
    return () => site.stop();
  }, [script]);
  return (
    <div className={styles.place} role="status">
      {ready && (
        <div className={styles.notice}>
          <span>
            {refused ? '실행 중인 것이 있다. 끝난 뒤에 다시 누른다.' : '새 판이 있다. 실습 기록은 남는다.'}
          </span>
          <button
            type="button"
            className={styles.reopen}
            onClick={() => setRefused(update.current?.reopen() === false)}
          >
            다시 열기
          </button>
          <button type="button" aria-label="알림 닫기" onClick={() => setReady(false)}>
            ✕
          </button>
        </div>
      )}
    </div>
  );
}
