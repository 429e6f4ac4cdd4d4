import type { ReactNode } from 'react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { printInLightColours } from '../../client/print-colours.ts';
import { OptionalPart } from '../../components/OptionalPart/index.tsx';

const UpdateNotice = lazy(() => import('../../components/UpdateNotice/index.tsx'));

/** The site, and what can wait until the page is at rest: keeping it for offline use. */
export default function Root({ children }: { readonly children: ReactNode }): ReactNode {
  const [rested, setRested] = useState(false);
  useEffect(() => {
    if (process.env.NODE_ENV !== 'production' || !navigator.serviceWorker) return;
    return whenIdle(() => setRested(true));
  }, []);
  useEffect(printInLightColours, []);
  return (
    <>
      {children}
      {rested && (
        <OptionalPart fallback={null}>
          <Suspense fallback={null}>
            <UpdateNotice />
          </Suspense>
        </OptionalPart>
      )}
    </>
  );
}

/** After the page has loaded and its first work is done. Returns what calls it off. */
function whenIdle(work: () => void): () => void {
  let handle = 0;
  const idle = window.requestIdleCallback as typeof window.requestIdleCallback | undefined;
  const rest = () => {
    handle = idle === undefined ? window.setTimeout(work, 1000) : idle(work);
  };
  if (document.readyState === 'complete') rest();
  else window.addEventListener('load', rest, { once: true });
  return () => {
    window.removeEventListener('load', rest);
    if (idle === undefined) clearTimeout(handle);
    else window.cancelIdleCallback(handle);
  };
}
