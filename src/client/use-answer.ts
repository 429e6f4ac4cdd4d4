import { useEffect, useRef, useState } from 'react';
import type { QuestionKind, Questions } from '../worker/protocol.ts';
import { useLab } from './lab-context.tsx';

/** Between two questions of the same kind, in real milliseconds. */
const INTERVAL = 150;

export interface Answered<Kind extends QuestionKind> {
  /** The newest answer; undefined before the first. */
  readonly answer: Questions[Kind]['answer'] | undefined;
  /** Why the last question was refused; "" if it was not. */
  readonly failure: string;
}

/**
 * Asks the page's lab, again whenever `version` changes, though not more often than the eye can follow.
 * An answer that comes after a newer question's is dropped.
 */
export function useAnswer<Kind extends QuestionKind>(
  kind: Kind,
  question: Questions[Kind]['ask'],
  version: string,
): Answered<Kind> {
  const store = useLab();
  const [answered, setAnswered] = useState<Answered<Kind>>({ answer: undefined, failure: '' });
  const last = useRef(0);
  const asked = JSON.stringify(question);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(
      () => {
        last.current = performance.now();
        store.ask(kind, JSON.parse(asked) as Questions[Kind]['ask']).then(
          (answer) => current && setAnswered({ answer, failure: '' }),
          (error: Error) => current && setAnswered((before) => ({ ...before, failure: error.message })),
        );
      },
      Math.max(0, last.current + INTERVAL - performance.now()),
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [store, kind, asked, version]);
  return answered;
}
