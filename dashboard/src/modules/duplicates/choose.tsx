import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sayThrown } from "@/i18n/problems";
import { Avatar } from "@/ui/avatar";
import { Dialog } from "@/ui/dialog";
import { PlainLink } from "@/ui/link";
import { SearchBox } from "@/ui/search-box";
import { SkeletonRows } from "@/ui/states";
import type { Kind } from "./lists";

/** One that may be chosen, with what tells it from others. */
export interface Other {
  id: string;
  name: string;
  note: string | null | undefined;
}

/** Chooses the record that another one is merged with: those that may be the same, or whatever one searches. */
export function ChooseOther(props: {
  kind: Kind;
  of: { id: string; name: string };
  words: { title: string; search: string; none: string };
  open: boolean;
  onClose: () => void;
  alike: (signal: AbortSignal) => Promise<Other[]>;
  found: (q: string, signal: AbortSignal) => Promise<Other[]>;
}) {
  const { kind, of, words, open } = props;
  const [q, setQ] = useState("");
  const near = useQuery({
    queryKey: [kind === "contacts" ? "contact_duplicates" : "company_duplicates", "of", of.id],
    enabled: open,
    queryFn: ({ signal }) => props.alike(signal),
  });
  const found = useQuery({
    queryKey: [kind, "merge-with", q],
    enabled: open && q !== "",
    queryFn: ({ signal }) => props.found(q, signal),
  });
  const others = ((q === "" ? near.data : found.data) ?? []).filter(({ id }) => id !== of.id);
  return (
    <Dialog open={open} onClose={props.onClose} title={words.title} lead={<bdi>{of.name}</bdi>}>
      <div className="flex min-h-72 flex-col gap-3">
        <SearchBox label={words.search} value={q} onChange={setQ} className="w-full" />
        {q !== "" && found.isPending ? (
          <SkeletonRows rows={3} />
        ) : q !== "" && found.isError ? (
          <p role="alert" className="text-sm text-danger-text">
            {sayThrown(found.error)}
          </p>
        ) : others.length === 0 ? (
          q !== "" && <p className="text-sm text-muted">{words.none}</p>
        ) : (
          <ul>
            {others.map(({ id, name, note }) => (
              <li key={id}>
                <PlainLink
                  to={`/${kind}/merge`}
                  search={{ ids: [of.id, id] }}
                  className="flex min-h-12 items-center gap-2.5 rounded-control px-2 hover:bg-hover"
                >
                  <Avatar name={name} id={id} size="sm" square={kind === "companies"} />
                  <span className="min-w-0">
                    <b className="block truncate text-[14px] font-[560]">
                      <bdi>{name}</bdi>
                    </b>
                    <span className="block truncate text-[12.5px] text-muted">
                      <bdi>{note}</bdi>
                    </span>
                  </span>
                </PlainLink>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
