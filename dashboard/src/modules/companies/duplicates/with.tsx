import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { Avatar } from "@/ui/avatar";
import { Dialog } from "@/ui/dialog";
import { PlainLink } from "@/ui/link";
import { SearchBox } from "@/ui/search-box";
import { SkeletonRows } from "@/ui/states";
import type { Company } from "../data";
import { bare } from "../parts";

/** Chooses the company that another one is merged with: those that may be the same, or one that is searched. */
export function MergeWith({ company, open, onClose }: { company: Company; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const near = useQuery({
    queryKey: ["company_duplicates", "of", company.id],
    enabled: open,
    queryFn: ({ signal }) =>
      ok(
        api.GET("/v1/company-duplicates", {
          params: { query: { company: company.id, limit: 8, filter: ["state:eq:open"] } },
          signal,
        }),
      ),
  });
  const found = useQuery({
    queryKey: ["companies", "merge-with", q],
    enabled: open && q !== "",
    queryFn: ({ signal }) => ok(api.GET("/v1/companies", { params: { query: { q, limit: 8 } }, signal })),
  });
  const alike = near.data?.items.map(({ one, other }) => (one.company === company.id ? other : one)) ?? [];
  const others = (q === "" ? alike.map((side) => ({ ...side, id: side.company })) : (found.data?.items ?? [])).filter(
    ({ id }) => id !== company.id,
  );
  return (
    <Dialog open={open} onClose={onClose} title={t("companies.mergeWith")} lead={<bdi>{company.name}</bdi>}>
      <div className="flex min-h-72 flex-col gap-3">
        <SearchBox label={t("companies.findCompany")} value={q} onChange={setQ} className="w-full" />
        {q !== "" && found.isPending ? (
          <SkeletonRows rows={3} />
        ) : others.length === 0 ? (
          q !== "" && <p className="text-sm text-muted">{t("companies.nothingFits")}</p>
        ) : (
          <ul>
            {others.map(({ id, name, website, email, phone }) => (
              <li key={id}>
                <PlainLink
                  to="/companies/merge"
                  search={{ ids: [company.id, id] }}
                  className="flex min-h-12 items-center gap-2.5 rounded-control px-2 hover:bg-hover"
                >
                  <Avatar name={name} id={id} size="sm" square />
                  <span className="min-w-0">
                    <b className="block truncate text-[14px] font-[560]">
                      <bdi>{name}</bdi>
                    </b>
                    <span className="block truncate text-[12.5px] text-muted">
                      <bdi>{website ? bare(website) : (email ?? phone)}</bdi>
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
