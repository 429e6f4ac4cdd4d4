const PATHS = {
  play: 'M4 2.5v11l9-5.5z',
  pause: 'M4 2.5h3v11H4zM9 2.5h3v11H9z',
  next: 'M3 2.5v11l7-5.5zM11 2.5h2v11h-2z',
  forward: 'M5 2.5 10.5 8 5 13.5 3.5 12l4-4-4-4z',
  first: 'M13 2.5v11L6 8zM3 2.5h2v11H3z',
  back: 'M11 2.5 12.5 4l-4 4 4 4-1.5 1.5L5.5 8z',
  screen: 'M2 2h5v2H4v3H2zM9 2h5v5h-2V4H9zM2 9h2v3h3v2H2zM12 9h2v5H9v-2h3z',
  check: 'M6.2 13.2 1.5 8.5 3 7l3.2 3.2L13 3.4l1.5 1.5z',
  close: 'M3.5 2 8 6.5 12.5 2 14 3.5 9.5 8l4.5 4.5-1.5 1.5L8 9.5 3.5 14 2 12.5 6.5 8 2 3.5z',
} as const;

export type IconName = keyof typeof PATHS;

/** A sign that fonts may lack; the button around it has the words. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg width="13" height="13" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
