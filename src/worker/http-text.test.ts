import { describe, expect, it } from 'vitest';
import { HttpTextError, parseHttpText, prettyJson } from './http-text.ts';

describe('parseHttpText', () => {
  it('reads request line, headers and body', () => {
    expect(parseHttpText('POST /api/v1/x HTTP/1.1\nContent-Type: application/yaml\n\na: 1\nb: 2\n')).toEqual({
      method: 'POST',
      path: '/api/v1/x',
      headers: { 'content-type': 'application/yaml' },
      body: 'a: 1\nb: 2',
    });
  });
  it.each([
    ['no version', 'GET /api/v1/nodes', '/api/v1/nodes'],
    ['a whole address', 'get https://172.30.1.2:6443/version', '/version'],
    ['a query', 'GET /api/v1/pods?limit=1', '/api/v1/pods?limit=1'],
  ])('takes %s', (_name, text, path) => {
    expect(parseHttpText(text)).toMatchObject({ method: 'GET', path, body: '' });
  });
  it.each([
    ['no request line', 'kubectl get nodes now'],
    ['a relative path', 'GET api/v1/nodes'],
    ['a body without a blank line', 'POST /api/v1/pods\n{"kind": "Pod"}'],
  ])('refuses %s', (_name, text) => {
    expect(() => parseHttpText(text)).toThrow(HttpTextError);
  });
});

describe('prettyJson', () => {
  it('indents an object', () => expect(prettyJson('{"a":1}\n')).toBe('{\n  "a": 1\n}'));
  it.each(['ok', '3', '{"a":1,"a":2}', '{ "a": 1 }', '{"n":12345678901234567890}'])('leaves %s', (text) => {
    expect(prettyJson(text)).toBe(text);
  });
});
