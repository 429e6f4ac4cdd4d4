import { useCallback, useEffect, useState } from 'react';
import type { LabPlace } from './lab-link.ts';
import { formatPlace, parsePlace, SHARED } from './lab-link.ts';

export interface Place {
  /** Where in the lab the address leads to; undefined: to the page itself. */
  readonly place: LabPlace | undefined;
  /** The fragment of a link that carries a lab, while the reader has not answered it. */
  readonly shared: string | undefined;
  /** Goes to a place in the lab, or back to the page. */
  readonly go: (place: LabPlace | undefined) => void;
  readonly forgetShared: () => void;
}

/** The part of the address that says what of the lab is shown; Back leads out of the lab again. */
export function usePlace(): Place {
  const [place, setPlace] = useState<LabPlace | undefined>();
  const [shared, setShared] = useState<string | undefined>();
  useEffect(() => {
    const read = () => {
      const { hash } = window.location;
      setPlace(parsePlace(hash));
      setShared(hash.startsWith(SHARED) ? hash : undefined);
    };
    read();
    window.addEventListener('hashchange', read);
    window.addEventListener('popstate', read);
    return () => {
      window.removeEventListener('hashchange', read);
      window.removeEventListener('popstate', read);
    };
  }, []);
  const go = useCallback((to: LabPlace | undefined) => {
    const { pathname, search, hash } = window.location;
    const inside = parsePlace(hash) !== undefined;
    const address = pathname + search + (to === undefined ? '' : formatPlace(to));
    // Inside the lab one place replaces another: Back is for leaving it.
    if (inside || to === undefined) window.history.replaceState(window.history.state, '', address);
    else window.history.pushState(window.history.state, '', address);
    setPlace(to);
  }, []);
  const forgetShared = useCallback(() => {
    const { pathname, search } = window.location;
    window.history.replaceState(window.history.state, '', pathname + search);
    setShared(undefined);
  }, []);
  return { place, shared, go, forgetShared };
}
