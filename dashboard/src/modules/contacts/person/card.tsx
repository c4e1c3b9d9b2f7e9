import type { ReactNode } from "react";

/** A small panel beside the story. */
export function Card({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section className="rounded-panel border border-line bg-surface px-4 py-3.5 shadow-1">
      <header className="mb-2.5 flex items-center justify-between gap-3">
        <h3 className="snug text-sm font-semibold">{title}</h3>
        {note && <span className="num text-cap text-muted">{note}</span>}
      </header>
      <div>{children}</div>
    </section>
  );
}
