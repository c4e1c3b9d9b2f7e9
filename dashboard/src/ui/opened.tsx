import { type ReactNode, Suspense, useState } from "react";

/** What is opened over a page comes with its first opening, and stays for its way out. For children made with `lazy`. */
export function Opened({ open, children }: { open: boolean; children: ReactNode }) {
  const [once, setOnce] = useState(open);
  if (open && !once) setOnce(true);
  return once ? <Suspense>{children}</Suspense> : null;
}
