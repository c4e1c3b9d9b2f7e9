import type { ReactNode } from "react";

/** What somebody wrote: it runs in its own direction, whatever the page's is, and is cut at its own end. */
export function Own({ children, title }: { children: ReactNode; title?: string }) {
  return (
    <bdi title={title} className="inline-block max-w-full truncate align-bottom">
      {children}
    </bdi>
  );
}
