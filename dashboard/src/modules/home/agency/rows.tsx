import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failed, SkeletonRows } from "@/ui/states";
import { Avatar } from "@/ui/avatar";
import { Go, useHas } from "@/ui/go";
import { Own } from "@/ui/own";
import type { Overview } from "../data";

export type Query = UseQueryResult<Overview>;

/** Skeleton, failure, or what the overview says. */
export function Known({
  query,
  rows,
  children,
}: {
  query: Query;
  rows: number;
  children: (data: Overview) => ReactNode;
}) {
  if (query.data) return children(query.data);
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return <SkeletonRows rows={rows} tall />;
}

/** Where a client is looked at. */
export function useClientHref(): (id: string) => string {
  const has = useHas();
  return (id) => (has("/clients/$id") ? `/clients/${id}` : "/clients");
}

interface ClientRowProps {
  id: string;
  name: string;
  sub?: ReactNode;
  /** In place of the client's own page. */
  to?: string | undefined;
  children?: ReactNode;
}

/** A row that leads to a client. */
export function ClientRow({ id, name, sub, to, children }: ClientRowProps) {
  const href = useClientHref();
  return (
    <li>
      <Go
        to={to ?? href(id)}
        className="flex min-h-[57px] items-center gap-3 px-[18px] py-2 -outline-offset-2 hover:bg-hover max-md:flex-wrap max-md:px-4"
      >
        <Avatar name={name} id={id} square size="lg" />
        <span className="min-w-0 flex-1">
          <b className="block text-[13.5px] leading-[1.35] font-[570]">
            <Own title={name}>{name}</Own>
          </b>
          {sub && <span className="block text-[12.5px] leading-[1.45] text-muted">{sub}</span>}
        </span>
        {children}
      </Go>
    </li>
  );
}
