/** A tag's colour: a dot before the word, which says the same. */
export function TagDot({ colour }: { colour?: string | null }) {
  return colour ? (
    <span aria-hidden="true" className="size-3 shrink-0 rounded-full" style={{ backgroundColor: colour }} />
  ) : (
    <span aria-hidden="true" className="size-3 shrink-0 rounded-full border border-control" />
  );
}
