const STRING = /[rRbB]{0,2}(?:"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/y;
const OBJECT = /(?:Object(?:\.[A-Za-z_]\w*)*|JSONPatch)\s*\{/y;
const KEY = /(\s*)(\??)\s*([A-Za-z_]\w*)(\s*:)/y;

/**
 * Mutations write objects as Object.spec{replicas: 3} and JSONPatch{op: "add"}, with ?field for one that may
 * be missing. To an evaluator that knows no messages those are maps: {"replicas": 3}. Values that may be
 * missing stay optionals: jsonOf leaves out what is none.
 */
export function objectsAsMaps(expression: string): string {
  let result = '';
  let position = 0;
  /** Open brackets; true for those of an object, whose keys are names. */
  const open: boolean[] = [];
  const keyHere = () => {
    const key = open.at(-1) === true ? matchAt(KEY, expression, position) : undefined;
    if (key === undefined) return;
    result += `${key[1]}${JSON.stringify(key[3])}${key[4]}`;
    position += key[0].length;
  };
  while (position < expression.length) {
    const character = expression[position]!;
    const isWordStart = position === 0 || !/[\w.]/.test(expression[position - 1]!);
    const text = matchAt(STRING, expression, position)?.[0];
    const object = isWordStart ? matchAt(OBJECT, expression, position)?.[0] : undefined;
    if (text !== undefined && (isWordStart || /["']/.test(character))) {
      result += text;
      position += text.length;
    } else if (object !== undefined) {
      result += '{';
      position += object.length;
      open.push(true);
      keyHere();
    } else {
      result += character;
      position++;
      if ('([{'.includes(character)) open.push(false);
      else if (')]}'.includes(character)) open.pop();
      else if (character === ',') keyHere();
    }
  }
  return result;
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text) ?? undefined;
}
