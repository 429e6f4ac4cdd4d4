import type { Invocation } from '../invocation.ts';

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters that nothing else that was named at this instant has. Models k8s.io/apimachinery/pkg/util/rand String. */
export function randomSuffix({ environment }: Invocation): string {
  let seed = environment.clock.now() + (environment.machine.processes.list().at(-1)?.pid ?? 0);
  let text = '';
  for (let count = 0; count < 5; count++) {
    text += LETTERS[seed % LETTERS.length]!;
    seed = Math.floor(seed / LETTERS.length) ^ (count * 7919);
  }
  return text;
}
