/** A text in which `what stands so` is code. */
export function Prose({ text }: { readonly text: string }) {
  return text
    .split('`')
    .map((piece, index) =>
      index % 2 === 1 ? <code key={index}>{piece}</code> : <span key={index}>{piece}</span>,
    );
}
