import { useQuery } from "@tanstack/react-query";
import { CornerDownRight, Pencil } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasStatus } from "@/api/problem";
import { useMay } from "@/app/may";
import { Avatar } from "@/ui/avatar";
import { Button, IconButton } from "@/ui/button";
import { PlainLink } from "@/ui/link";
import { Own } from "@/ui/own";
import { Popover } from "@/ui/popover";
import { Skeleton } from "@/ui/states";
import { Card } from "../../contacts/person/card";
import { useChange } from "../changes";
import { below, type Company, company as one } from "../data";
import { Finder } from "../finder";

/** What a company belongs to, and what belongs to it. */
export function Family({ company }: { company: Company }) {
  const { t } = useTranslation();
  const writes = useMay("companies.write") && !company.deleted_at;
  const { data: under = [] } = useQuery({ ...below(company.id), enabled: company.subsidiaries > 0 });
  const change = useChange(company);
  const [open, setOpen] = useState(false);
  const parent = company.parent ?? null;
  const move = (next: string | null) => {
    setOpen(false);
    if (next !== parent) change({ parent: next }, { parent }, t("companies.moved"));
  };
  const picker = (
    <Popover
      label={t("companies.setParent")}
      open={open}
      onOpenChange={setOpen}
      trigger={
        parent ? (
          <IconButton small writes label={t("companies.setParent")} className="-my-1 print:hidden">
            <Pencil />
          </IconButton>
        ) : (
          <Button writes size="small" className="print:hidden">
            {t("companies.setParent")}
          </Button>
        )
      }
    >
      <Finder
        kind="companies"
        label={t("companies.findCompany")}
        but={[company.id, ...(parent ? [parent] : []), ...under.map(({ id }) => id)]}
        onChoose={({ id }) => move(id)}
      />
      {parent && (
        <div className="border-line border-t p-1.5">
          <Button look="ghost" size="small" onClick={() => move(null)}>
            {t("companies.standAlone")}
          </Button>
        </div>
      )}
    </Popover>
  );
  if (!parent && under.length === 0 && !writes) return null;
  return (
    <Card title={t("companies.family")}>
      {parent ? (
        <div className="mb-2 flex items-center gap-1">
          <span className="min-w-0 flex-1">
            <span className="block text-cap text-muted">{t("companies.parent")}</span>
            <Parent id={parent} />
          </span>
          {writes && picker}
        </div>
      ) : (
        writes && (
          <p className="flex flex-wrap items-center justify-between gap-2 text-sm text-muted">
            {t("companies.noParent")}
            {picker}
          </p>
        )
      )}
      {under.length > 0 && (
        <>
          <span className="mt-2 block text-cap text-muted">{t("companies.subsidiaries")}</span>
          <ul>
            {under.map((child) => (
              <li key={child.id} className="flex items-center gap-1.5">
                <CornerDownRight aria-hidden="true" className="size-3.5 shrink-0 text-muted rtl:-scale-x-100" />
                <To company={child} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function Parent({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({ ...one(id), retry: false });
  if (data) return <To company={data} />;
  // It was deleted, or somebody else looks after it.
  if (hasStatus(error, 404)) return <span className="text-sm text-muted">{t("companies.parentHidden")}</span>;
  return <Skeleton className="my-2 h-4 w-32" />;
}

function To({ company }: { company: Company }) {
  return (
    <PlainLink
      to="/companies/$id"
      params={{ id: company.id }}
      className="flex min-h-9 min-w-0 items-center gap-2 text-sm hover:underline coarse:min-h-11"
    >
      <Avatar name={company.name} id={company.id} size="sm" square />
      <Own title={company.name}>{company.name}</Own>
    </PlainLink>
  );
}
