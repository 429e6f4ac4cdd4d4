declare module '@generated/checkpoints/*.json' {
  const checkpoint: unknown;
  export default checkpoint;
}

declare module '*.txt' {
  const text: string;
  export default text;
}
