import { expect, test } from 'vitest';
import { goQuantity, goSlice, goStringMap, goStructs } from './go-syntax.ts';

const quantity = (amount: string, dec: string, text: string, format: string) =>
  `resource.Quantity{i:resource.int64Amount{${amount}}, d:resource.infDecAmount{Dec:(*inf.Dec)(${dec})}, s:"${text}", Format:"${format}"}`;

test.each([
  ['2', quantity('value:2, scale:0', 'nil', '2', 'DecimalSI')],
  ['-1', quantity('value:-1, scale:0', 'nil', '-1', 'DecimalSI')],
  ['200m', quantity('value:200, scale:-3', 'nil', '200m', 'DecimalSI')],
  ['2k', quantity('value:2, scale:3', 'nil', '2k', 'DecimalSI')],
  ['1e3', quantity('value:1, scale:3', 'nil', '1e3', 'DecimalExponent')],
  ['2Gi', quantity('value:2147483648, scale:0', 'nil', '2Gi', 'BinarySI')],
  ['9000Pi', quantity('value:0, scale:0', '0xc000000000', '9000Pi', 'BinarySI')],
])('goQuantity %s', (text, want) => {
  expect(goQuantity(text).text).toBe(want);
});

test('goSlice names the type and no indices', () => {
  expect(goSlice('core.ResourceQuotaScope', ['BestEffort', 'Terminating']).text).toBe(
    '[]core.ResourceQuotaScope{"BestEffort", "Terminating"}',
  );
  expect(goSlice('core.ResourceQuotaScope', []).text).toBe('[]core.ResourceQuotaScope{}');
  expect(goSlice('core.ResourceQuotaScope', undefined).text).toBe('[]core.ResourceQuotaScope(nil)');
});

test('goStructs names the type of each', () => {
  expect(goStructs('core.PodIP', [{ IP: 'a' }, { IP: 'b' }]).text).toBe(
    '[]core.PodIP{core.PodIP{IP:"a"}, core.PodIP{IP:"b"}}',
  );
});

test('goStringMap puts keys in order', () => {
  expect(goStringMap({ b: '1', a: '2' }).text).toBe('map[string]string{"a":"2", "b":"1"}');
});
