/** Told on the window before the page is opened anew; who is in the middle of something prevents it. */
const LEAVING = 'site-leaving';

/** Keeps the page from being opened anew while `busy` says so. Returns what ends that. */
export function holdWhile(busy: () => boolean): () => void {
  const hold = (event: Event) => {
    if (busy()) event.preventDefault();
  };
  window.addEventListener(LEAVING, hold);
  return () => window.removeEventListener(LEAVING, hold);
}

/** Whether nothing on the page would be lost if it were opened anew. */
export function mayLeave(): boolean {
  return window.dispatchEvent(new Event(LEAVING, { cancelable: true }));
}
