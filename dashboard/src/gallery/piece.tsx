import type { ReactNode } from "react";
import { Panel } from "@/ui/panel";

/** One kind of piece, in every state it can be in. */
export function Piece({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Panel title={name}>
      <div className="flex flex-col gap-4">{children}</div>
    </Panel>
  );
}

export const Line = ({ children }: { children: ReactNode }) => (
  <div className="flex flex-wrap items-center gap-2">{children}</div>
);
