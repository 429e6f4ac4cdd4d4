/** Paper is white, whatever the screen is: the page has its light colours while it is printed. Returns what ends that. */
export function printInLightColours(): () => void {
  const { dataset } = document.documentElement;
  let shown: string | undefined;
  const begin = () => {
    shown ??= dataset['theme'];
    dataset['theme'] = 'light';
    // For the colours that stand in elements, see custom.css.
    if (shown !== undefined) dataset['printedFrom'] = shown;
  };
  const end = () => {
    if (shown !== undefined) dataset['theme'] = shown;
    shown = undefined;
    delete dataset['printedFrom'];
  };
  window.addEventListener('beforeprint', begin);
  window.addEventListener('afterprint', end);
  return () => {
    window.removeEventListener('beforeprint', begin);
    window.removeEventListener('afterprint', end);
  };
}
