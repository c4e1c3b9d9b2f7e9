import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CornerDownRight, Pencil } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import { hasStatus } from "@/api/problem";
import type { Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { Button, IconButton } from "@/ui/button";
import { PlainLink } from "@/ui/link";
import { money } from "@/ui/money";
import { Own } from "@/ui/own";
import { Popover } from "@/ui/popover";
import { Skeleton } from "@/ui/states";
import { Card } from "../../contacts/person/card";
import { useChange } from "../changes";
import { below, type Company, company as one, family } from "../data";
import { Finder } from "../finder";
import { More } from "./more";

type Whole = Schema["CompanyFamily"];

/** What a company belongs to, and what belongs to it. */
export function Family({ company }: { company: Company }) {
  const { t } = useTranslation();
  const related = !company.deleted_at && (Boolean(company.parent) || company.subsidiaries > 0);
  const { data: whole } = useQuery({ ...family(company.id), enabled: related });
  const writes = useMay("companies.write") && !company.deleted_at;
  const subsidiaries = useInfiniteQuery({ ...below(company.id), enabled: company.subsidiaries > 0 });
  const under = company.subsidiaries > 0 ? rowsOf(subsidiaries.data) : [];
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
            {whole ? <Above above={whole.above} /> : <Parent id={parent} />}
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
          <h4 className="mt-2 flex justify-between gap-2 text-cap text-muted">
            {t("companies.subsidiaries")}
            <span className="num">{t("companies.below", { count: company.subsidiaries })}</span>
          </h4>
          <ul>
            {under.map((child) => (
              <li key={child.id} className="flex items-center gap-1.5">
                <CornerDownRight aria-hidden="true" className="size-3.5 shrink-0 text-muted rtl:-scale-x-100" />
                <To company={child} />
              </li>
            ))}
          </ul>
          <More query={subsidiaries} className="py-1" />
          {!subsidiaries.hasNextPage && company.subsidiaries > under.length && (
            <p className="text-cap text-muted">
              {t("companies.hiddenBelow", { count: company.subsidiaries - under.length })}
            </p>
          )}
        </>
      )}
      {whole && whole.below > 0 && <Together whole={whole} />}
    </Card>
  );
}

/** The whole chain, the highest first; who is not there or not yours is no name. */
function Above({ above }: { above: Whole["above"] }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("companies.above")}>
      <ol>
        {above.map(({ id, name }, level) => (
          <li key={id} className="flex min-w-0 items-center gap-1.5">
            {level > 0 && (
              <CornerDownRight aria-hidden="true" className="size-3.5 shrink-0 text-muted rtl:-scale-x-100" />
            )}
            {name == null ? (
              <span className="py-1.5 text-sm text-muted">{t("companies.parentHidden")}</span>
            ) : (
              <To company={{ id, name }} />
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** What the company and all below it are worth. */
function Together({ whole: { below: count, values, complete } }: { whole: Whole }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const lines = values.flatMap((value) => {
    const told = (minor: number) => money(minor, value.currency, locale);
    return [
      [t("companies.lifetimeValue"), value.lifetime_value, told(value.lifetime_value)] as const,
      [t("companies.contractValue"), value.contract_value, told(value.contract_value)] as const,
      [t("companies.recurringRevenue"), value.recurring_revenue, told(value.recurring_revenue)] as const,
    ].filter(([, minor]) => minor > 0);
  });
  return (
    <section aria-label={t("companies.together")} className="mt-3 border-line border-t pt-2.5 text-sm">
      <h4 className="flex justify-between gap-2 text-cap text-muted">
        {t("companies.together")}
        <span className="num">{t("companies.below", { count })}</span>
      </h4>
      <dl>
        {lines.map(([label, , amount]) => (
          <div key={`${label}${amount}`} className="flex justify-between gap-2.5 py-1">
            <dt className="text-muted">{label}</dt>
            <dd className="num font-semibold">{amount}</dd>
          </div>
        ))}
      </dl>
      {!complete && <p className="text-cap text-muted">{t("companies.belowFirst")}</p>}
    </section>
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

function To({ company }: { company: Pick<Company, "id" | "name"> }) {
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
