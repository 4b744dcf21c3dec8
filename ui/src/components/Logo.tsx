/** The mark: a pipe that bends down from the lake, over the water that it drives. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" role="img" aria-label="Penstock">
      <rect width="32" height="32" rx="8" fill="var(--mantine-color-tide-7)" />
      <path d="M6 8.5h6.5c4.5 0 4 9 8.5 9h5" stroke="#fff" strokeWidth="3.2" strokeLinecap="round" />
      <path
        d="M6 24c2.2-2 4.4-2 6.7 0s4.4 2 6.6 0 4.5-2 6.7 0"
        stroke="#8fd3e6"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
    </svg>
  );
}
