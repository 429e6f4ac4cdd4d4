import { describe, expect, it } from 'vitest';
import { evaluateArithmetic } from './arithmetic.ts';

function setUp() {
  const variables = new Map([
    ['x', '1'],
    ['self', 'self'],
    ['part', '1 +'],
    ['octal', '010'],
    ['a[0]', '7'],
    ['m[k]', '5'],
  ]);
  const placeOf = (name: string, key: string | undefined) => (key === undefined ? name : `${name}[${key}]`);
  const evaluate = (text: string) =>
    evaluateArithmetic(text, {
      get: (name, key) => variables.get(placeOf(name, key)),
      set: (name, key, value) => void variables.set(placeOf(name, key), value),
      isAssociative: (name) => name === 'm',
    });
  return { variables, evaluate };
}

// What bash 5.2 says.
describe('evaluateArithmetic', () => {
  it.each([
    ['', 0n],
    ['9223372036854775807+1', -9223372036854775808n],
    ['9223372036854775808', -9223372036854775808n],
    ['99999999999999999999', 7766279631452241919n],
    ['9007199254740993', 9007199254740993n],
    ['100000000000*100000000000', 1864712049423024128n],
    ['-9223372036854775808/-1', -9223372036854775808n],
    ['2**63', -9223372036854775808n],
    ['2**64', 0n],
    ['-2**2', 4n],
    ['2**3**2', 512n],
    ['7%-3', 1n],
    ['-7%3', -1n],
    ['-7/2', -3n],
    ['1<<63', -9223372036854775808n],
    ['1<<64', 1n],
    ['1<<-1', -9223372036854775808n],
    ['-1>>1', -1n],
    ['0xffffffffffffffff', -1n],
    ['0777 + 16#fF + 36#Zz + 64#@_', 511n + 255n + 1295n + 4031n],
    ['octal', 8n],
    ['1<2<3', 1n],
    ['5&3|5^3', 7n],
    ['1 ? 2, 3 : 4', 3n],
    ['0 ? 1/0 : 3', 3n],
    ['1 || 1/0', 1n],
    ['0 && (x = 1/0)', 0n],
    ['3 -- 4', 7n],
    ['++1', 1n],
    ['x++ + ++x', 4n],
    ['x=5, x+=x, x', 10n],
    ['x<<=2', 4n],
    ['a[x-1] + a[0]++ + a[0]', 22n],
    ["m['k']++ + m[k]", 11n],
    ['nothing', 0n],
  ])('%s is %s', (text, value) => {
    expect(setUp().evaluate(text)).toBe(value);
  });

  it.each([
    ['09+1', '09: value too great for base (error token is "09")'],
    ['65#1', '65#1: invalid arithmetic base (error token is "65#1")'],
    ['16#', '16#: invalid integer constant (error token is "16#")'],
    [' 1 + ', '1 + : syntax error: operand expected (error token is "+ ")'],
    ['1 2', '1 2: syntax error in expression (error token is "2")'],
    ['1 @', '1 @: syntax error: invalid arithmetic operator (error token is "@")'],
    ['@', '@: syntax error: operand expected (error token is "@")'],
    ['5/0', '5/0: division by 0 (error token is "0")'],
    ['5 % (x-1)', '5 % (x-1): division by 0 (error token is "(x-1)")'],
    ['2**-1', '2**-1: exponent less than 0 (error token is "1")'],
    ['1=2', '1=2: attempted assignment to non-variable (error token is "=2")'],
    ['(x)=2', '(x)=2: attempted assignment to non-variable (error token is "=2")'],
    ['1?2', '1?2: `:\' expected for conditional expression (error token is "2")'],
    ['1?:3', '1?:3: expression expected (error token is ":3")'],
    ['(1', '(1: missing `)\' (error token is "1")'],
    ['a[1', 'a[1: bad array subscript (error token is "a[1")'],
    ['self', 'self: expression recursion level exceeded (error token is "self")'],
    ['part', '1 +: syntax error: operand expected (error token is "+")'],
  ])('refuses %s', (text, message) => {
    expect(() => setUp().evaluate(text)).toThrow(message);
  });

  it('leaves alone what is not evaluated', () => {
    const { evaluate, variables } = setUp();
    evaluate('0 && x++, 1 ? 2 : (x = 3), 1 || (x += 4)');
    expect(variables.get('x')).toBe('1');
  });
});
