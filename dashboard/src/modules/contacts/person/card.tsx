import type { ReactNode } from "react";

/** A small panel beside the story. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="rounded-panel border border-line bg-surface px-4 py-3.5 shadow-1">
      <h3 className="snug mb-2.5 text-sm font-semibold">{title}</h3>
      <div>{children}</div>
    </section>
  );
}
