import { describe, expect, it } from 'vitest';
import { executeTemplate } from './execute.ts';

import { parseTemplate } from './parser.ts';

const POD = {
  kind: 'Pod',
  metadata: { name: 'web', labels: { b: '2', a: '1' } },
  spec: { containers: [{ name: 'x', image: 'nginx' }, { name: 'y' }], replicas: 3, ratio: 1234567.5 },
};

function render(template: string, allowMissingKeys = true): string {
  return executeTemplate(parseTemplate(template), POD, { allowMissingKeys });
}

describe('templates', () => {
  it.each([
    ['{{.kind}} {{.metadata.name}}', 'Pod web'],
    ['{{.metadata.nope}}', '<no value>'],
    ['{{.metadata.labels}}', 'map[a:1 b:2]'],
    ['{{.spec.ratio}}', '1.2345675e+06'],
    ['{{range .spec.containers}}{{.name}},{{end}}', 'x,y,'],
    ['{{range $i, $c := .spec.containers}}{{$i}}={{$c.name}} {{end}}', '0=x 1=y '],
    ['{{range $k, $v := .metadata.labels}}{{$k}}{{$v}}{{end}}', 'a1b2'],
    ['{{range .nope}}x{{else}}none{{end}}', 'none'],
    ['{{range .spec.containers}}{{if eq .name "y"}}{{break}}{{end}}{{.name}}{{end}}', 'x'],
    ['{{if and .kind .nope}}a{{else if eq .kind "Pod"}}b{{else}}c{{end}}', 'b'],
    ['{{with .metadata}}{{.name}} {{$.kind}}{{end}}', 'web Pod'],
    ['{{$x := 1}}{{range .spec.containers}}{{$x = .name}}{{end}}{{$x}}', 'y'],
    ['{{(index .spec.containers 0).image}}', 'nginx'],
    ['{{index .metadata.labels "a"}} {{len .spec.containers}}', '1 2'],
    ['{{.kind | printf "%-5s|" }}', 'Pod  |'],
    ['{{printf "%s %d%%" .kind .spec.replicas}}', 'Pod 3%'],
    ['{{"aGVsbG8=" | base64decode}}', 'hello'],
    ['a {{- " b " -}} c{{/* no */}}', 'a b c'],
    ['{{define "t"}}<{{.}}>{{end}}{{template "t" .kind}}', '<Pod>'],
    ['{{not true}} {{or "" "x"}} {{le 1 2}} {{ne 1 1}}', 'false x true false'],
  ])('%s', (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    ['{{.kind', '1: unclosed action'],
    ['{{if}}x{{end}}', '1: missing value for if'],
    ['{{range .x}}', '1: unexpected EOF'],
    ['{{end}}', '1: unexpected {{end}}'],
    ['{{nope}}', '1: function "nope" not defined'],
    [
      'x\n{{.kind.foo}}',
      `2:7: executing "output" at <.kind.foo>: can't evaluate field foo in type interface {}`,
    ],
    [
      '{{.spec.containers.name}}',
      `1:7: executing "output" at <.spec.containers.name>: can't evaluate field name in type interface {}`,
    ],
    [
      '{{index .spec.containers 5}}',
      '1:2: executing "output" at <index .spec.containers 5>: error calling index: index out of range: 5',
    ],
  ])('%j is refused', (template, message) => {
    expect(() => render(template)).toThrow(message);
  });

  it('refuses a key that is not there where that is asked for', () => {
    expect(() => render('{{.metadata.nope}}', false)).toThrow(
      '1:11: executing "output" at <.metadata.nope>: map has no entry for key "nope"',
    );
  });
});
