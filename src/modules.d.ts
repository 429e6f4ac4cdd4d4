declare module '*.bin' {
  const address: string;
  export default address;
}

declare module '*.txt' {
  const text: string;
  export default text;
}

declare module 'lunr' {
  const lunr: { readonly tokenizer: { separator: RegExp } };
  export default lunr;
}
