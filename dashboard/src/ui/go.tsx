import { useRouter } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";

/** Goes to a path of the console; what opens a new tab does so. */
export function useGo(): (href: string) => void {
  const router = useRouter();
  return (href) => router.history.push(href);
}

interface GoProps {
  to: string;
  className?: string;
  label?: string;
  children: ReactNode;
}

/** A link to a path that is put together from data, with its query. Typed links are `ui/link`. */
export function Go({ to, className, label, children }: GoProps) {
  const go = useGo();
  const press = (event: MouseEvent) => {
    if (
      event.defaultPrevented ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey ||
      event.button !== 0
    )
      return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} onClick={press} className={className} aria-label={label}>
      {children}
    </a>
  );
}

/** Whether the console has a page at an address as it is written in a module's routes: `/forms/$id`. */
export function useHas(): (path: string) => boolean {
  const router = useRouter();
  return (path) => path in router.routesByPath;
}
