import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const original = read('./source-note.md');
const note = read('../../docs/cka/core-concepts/kube-apiserver.mdx');

/** The corrections to the original's text; everything else stands as it was. */
const CORRECTIONS: readonly (readonly [original: string, note: readonly string[]])[] = [
  ['### 3. 설치 및 확인 방법', ['## 설치 및 확인 방법']],
  [
    'kubectl get pods -n kube-system cat /etc/kubernetes/manifests/kube-apiserver.yaml',
    ['kubectl get pods -n kube-system', 'cat /etc/kubernetes/manifests/kube-apiserver.yaml'],
  ],
  [
    'cat /etc/systemd/system/kube-apiserver.service ps -aux | grep kube-apiserver',
    ['cat /etc/systemd/system/kube-apiserver.service', 'ps -aux | grep kube-apiserver'],
  ],
];

/** A line of the note without what may be added to it: heading ids, and words after a fence's language. */
function bare(line: string): string {
  return line.replace(/ \{\/\* #[a-z-]+ \*\/\}$/, '').replace(/^```bash live\b.*$/, '```bash');
}

function frontMatter(text: string): string {
  return text.slice(0, text.indexOf('\n---\n', 4) + 5);
}

describe('the kube-apiserver note', () => {
  it('keeps the front matter byte for byte', () => {
    expect(frontMatter(note)).toBe(frontMatter(original));
  });

  it('keeps every line of the original, in order, but for the listed corrections', () => {
    const corrections = new Map(CORRECTIONS);
    const expected = original
      .split('\n')
      .flatMap((line) => corrections.get(line) ?? [line])
      .filter((line) => line.trim() !== '');
    const lines = note.split('\n').map(bare);
    let from = 0;
    const lost = expected.filter((line) => {
      const found = lines.indexOf(line, from);
      if (found < 0) return true;
      from = found + 1;
      return false;
    });
    expect(lost).toEqual([]);
  });

  it('uses each correction', () => {
    const lines = original.split('\n');
    expect(CORRECTIONS.filter(([line]) => !lines.includes(line))).toEqual([]);
  });

  it("makes the original's code blocks live", () => {
    const fences = note.split('\n').filter((line) => line.startsWith('```bash live'));
    expect(fences.some((line) => line.includes('cluster=manual'))).toBe(true);
    for (const command of [
      'kubectl get pods -n kube-system',
      'cat /etc/systemd/system/kube-apiserver.service',
    ]) {
      const lines = note.split('\n');
      expect(lines[lines.indexOf(command) - 1]).toMatch(/^```bash live/);
    }
  });
});
