import type { TokenType } from './lexer.ts';
import { Network } from './atn.ts';

/** The network of CEL's grammar, its left recursion taken out as ANTLR does. Models parser/gen/CEL.g4. */
export function celGrammar(): Network {
  const network = new Network();
  const { token, call, atMost, sequence, either, optional, many, oneOrMore } = network;
  const listOf = (item: ReturnType<typeof token>) => sequence(item, many(sequence(token("','"), item)));
  const infix = (precedence: number, rule: string, ...signs: TokenType[]) =>
    sequence(atMost(precedence), token(...signs), call(rule, precedence + 1));

  network.define('start', sequence(call('expr'), token('EOF')));
  network.define(
    'expr',
    sequence(
      call('conditionalOr'),
      optional(sequence(token("'?'"), call('conditionalOr'), token("':'"), call('expr'))),
    ),
  );
  network.define('conditionalOr', chain('conditionalAnd', "'||'"));
  network.define('conditionalAnd', chain('relation', "'&&'"));
  network.define(
    'relation',
    sequence(
      call('calc'),
      many(infix(1, 'relation', "'<'", "'<='", "'>='", "'>'", "'=='", "'!='", "'in'"), true),
    ),
  );
  network.define(
    'calc',
    sequence(
      call('unary'),
      many(either(infix(2, 'calc', "'*'", "'/'", "'%'"), infix(1, 'calc', "'+'", "'-'")), true),
    ),
  );
  network.define(
    'unary',
    either(
      call('member'),
      sequence(oneOrMore(token("'!'")), call('member')),
      sequence(oneOrMore(token("'-'")), call('member')),
    ),
  );
  network.define(
    'member',
    sequence(
      call('primary'),
      many(
        either(
          sequence(atMost(3), token("'.'"), optional(token("'?'")), token('IDENTIFIER')),
          sequence(
            atMost(2),
            token("'.'"),
            token('IDENTIFIER'),
            token("'('"),
            optional(call('exprList')),
            token("')'"),
          ),
          sequence(atMost(1), token("'['"), optional(token("'?'")), call('expr'), token("']'")),
        ),
        true,
      ),
    ),
  );
  network.define(
    'primary',
    either(
      sequence(
        optional(token("'.'")),
        token('IDENTIFIER'),
        optional(sequence(token("'('"), optional(call('exprList')), token("')'"))),
      ),
      sequence(token("'('"), call('expr'), token("')'")),
      sequence(token("'['"), optional(call('listInit')), optional(token("','")), token("']'")),
      sequence(token("'{'"), optional(call('mapInitializerList')), optional(token("','")), token("'}'")),
      sequence(
        optional(token("'.'")),
        token('IDENTIFIER'),
        many(sequence(token("'.'"), token('IDENTIFIER'))),
        token("'{'"),
        optional(call('fieldInitializerList')),
        optional(token("','")),
        token("'}'"),
      ),
      call('literal'),
    ),
  );
  network.define('exprList', listOf(call('expr')));
  network.define('listInit', listOf(call('optExpr')));
  network.define('fieldInitializerList', listOf(sequence(call('optField'), token("':'"), call('expr'))));
  network.define('optField', sequence(optional(token("'?'")), token('IDENTIFIER')));
  network.define('mapInitializerList', listOf(sequence(call('optExpr'), token("':'"), call('expr'))));
  network.define('optExpr', sequence(optional(token("'?'")), call('expr')));
  network.define(
    'literal',
    either(
      sequence(optional(token("'-'")), token('NUM_INT')),
      token('NUM_UINT'),
      sequence(optional(token("'-'")), token('NUM_FLOAT')),
      token('STRING'),
      token('BYTES'),
      token("'true'"),
      token("'false'"),
      token("'null'"),
    ),
  );
  return network;

  function chain(rule: string, sign: TokenType) {
    return sequence(call(rule), many(sequence(token(sign), call(rule))));
  }
}
