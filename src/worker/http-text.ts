import { SERVER_HOST } from './server-address.ts';

/** What a raw HTTP request says. */
export interface HttpText {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The text is not a request; `message` is Korean and names the line. */
export class HttpTextError extends Error {
  override readonly name = 'HttpTextError';
}

/**
 * Reads a request as it stands in a block: a request line (the version may be missing), header
 * lines, a blank line, the body. Throws {@link HttpTextError}.
 */
export function parseHttpText(text: string): HttpText {
  const lines = text.replace(/\r\n?/g, '\n').replace(/^\n+/, '').split('\n');
  const requestLine = /^([A-Za-z]+)\s+(\S+)(?:\s+HTTP\/\d(?:\.\d)?)?\s*$/.exec(lines[0] ?? '');
  if (requestLine === null) {
    if (text.trim() === '') throw new HttpTextError('보낼 요청이 없다. "GET /api/v1/nodes"처럼 적는다.');
    throw new HttpTextError(`첫째 줄이 "GET /api/v1/nodes" 같은 요청 줄이 아니다: ${lines[0] ?? ''}`);
  }
  const [, host, path = requestLine[2]!] = /^https?:\/\/([^/:?#]+)(?::\d+)?(.*)$/.exec(requestLine[2]!) ?? [];
  if (host !== undefined && !SERVER_HOST.test(host))
    throw new HttpTextError(`이 클러스터의 kube-apiserver에만 요청을 보낼 수 있다: ${host}`);
  if (!path.startsWith('/')) throw new HttpTextError(`경로는 /로 시작한다: ${path}`);
  const headers: Record<string, string> = {};
  let index = 1;
  for (; index < lines.length && lines[index]!.trim() !== ''; index++) {
    const header = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(lines[index]!);
    if (header === null) {
      throw new HttpTextError(
        `${index + 1}번째 줄이 "이름: 값" 꼴의 헤더가 아니다. 본문은 빈 줄 다음에 온다: ${lines[index]}`,
      );
    }
    headers[header[1]!.toLowerCase()] = header[2]!;
  }
  return {
    method: requestLine[1]!.toUpperCase(),
    path,
    headers,
    body: lines
      .slice(index + 1)
      .join('\n')
      .trimEnd(),
  };
}

/** Indents a JSON text; gives back what is not JSON, or what indenting would change. */
export function prettyJson(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return text;
    return JSON.stringify(value) === text.trim() ? JSON.stringify(value, null, 2) : text;
  } catch {
    return text;
  }
}
