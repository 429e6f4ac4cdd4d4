import type { PrismTheme } from 'prism-react-renderer';

interface Palette {
  readonly text: string;
  readonly background: string;
  readonly comment: string;
  readonly string: string;
  readonly keyword: string;
  readonly name: string;
  readonly number: string;
  readonly builtin: string;
}

/** Colours that keep a contrast of at least 4.5 : 1 on their backgrounds (WCAG 2.2 AA). */
function themeOf(colours: Palette): PrismTheme {
  const style = (types: string[], color: string) => ({ types, style: { color } });
  return {
    plain: { color: colours.text, backgroundColor: colours.background },
    styles: [
      { types: ['comment', 'prolog'], style: { color: colours.comment, fontStyle: 'italic' } },
      style(['string', 'char', 'attr-value', 'regex', 'inserted', 'url'], colours.string),
      style(['keyword', 'operator-keyword', 'tag', 'deleted', 'important', 'method'], colours.keyword),
      style(
        ['function', 'function-variable', 'class-name', 'header-name', 'attr-name', 'atrule', 'key'],
        colours.name,
      ),
      style(['number', 'boolean', 'constant', 'symbol', 'parameter', 'variable', 'property'], colours.number),
      style(['builtin', 'selector'], colours.builtin),
    ],
  };
}

export const lightCode = themeOf({
  text: '#24292f',
  background: '#f6f8fa',
  comment: '#57606a',
  string: '#0a3069',
  keyword: '#b3202c',
  name: '#6639ba',
  number: '#0550ae',
  builtin: '#7a3e00',
});

export const darkCode = themeOf({
  text: '#e6edf3',
  background: '#20232a',
  comment: '#9aa4af',
  string: '#a5d6ff',
  keyword: '#ff8f87',
  name: '#d7b5ff',
  number: '#8cc4ff',
  builtin: '#ffb77a',
});
