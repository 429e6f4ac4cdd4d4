import { expect, test } from 'vitest';
import { openLab } from '../../../testing/lab.ts';

test('config view --raw shows the file’s own data', async () => {
  const lab = await openLab();
  const data = /certificate-authority-data: (\S+)/;
  const [, shown] = data.exec(await lab.sh('kubectl config view --raw'))!;
  const [, written] = data.exec(await lab.sh('cat /root/.kube/config'))!;
  expect(shown).toBe(written);
  expect(await lab.sh('kubectl config view')).toContain('certificate-authority-data: DATA+OMITTED');
});
