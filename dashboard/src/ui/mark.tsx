/** A body swings round a mass and leaves faster than it came. Agencies replace it inside their scope. */
export function Mark({ className }: { className?: string }) {
  // Under an own domain the server draws another.
  if (window.upzBrand) return <img src="/mark.svg" alt="" className={className} />;
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <path
        d="M6 3.5C6 16.5 9.2 25 15.4 25C22.6 25 25.4 16.4 26.6 4.2"
        fill="none"
        stroke="var(--ink)"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <circle cx="15.6" cy="14.6" r="4.1" fill="var(--sun)" />
      <circle cx="26.7" cy="3.9" r="2.6" fill="var(--accent)" />
    </svg>
  );
}
