import { useMutation } from "@tanstack/react-query";
import { ChevronDown, GitMerge } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { Chip } from "@/ui/chip";
import { ButtonLink } from "@/ui/link";
import { say, sayError } from "@/ui/toast";
import { useAgain } from "../../duplicates/data";
import { type Side, SideLink, Sure, useTurn } from "../../duplicates/lists";
import { bare } from "../parts";
import { type Group, useDecide, useUndo } from "./data";

export type Reason = "tax_id" | "email" | "phone" | "website" | "name";
/** Most companies that become one at once. */
const MOST = 10;

export const sideOf = ({ company, name, website, email, phone, city }: Schema["CompanySide"]): Side => ({
  id: company,
  name,
  more: [website && bare(website), email, phone, city],
});

/** Several companies that hang together: who stays, who goes into it, and what speaks for it. */
export function GroupRow({ group }: { group: Group }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const id = useId();
  const writes = useMay("companies.write");
  const again = useAgain();
  // The row is gone when somebody presses it.
  const undo = useUndo({ asks: false });
  const { companies, pairs } = group;
  const [said, setSaid] = useState<string>();
  const [left, setLeft] = useState<ReadonlySet<string>>(
    () => new Set(companies.slice(MOST).map(({ company }) => company)),
  );
  const [open, setOpen] = useState(false);
  const taken = companies.filter(({ company }) => !left.has(company));
  const kept = taken.find(({ company }) => company === said) ?? taken[0];
  const merge = useMutation({
    mutationFn: (into: string) =>
      ok(
        api.POST("/v1/company-merges", {
          body: {
            kept: into,
            merged: taken.flatMap(({ company }) => (company === into ? [] : [company])),
            fields: {},
            versions: Object.fromEntries(taken.map(({ company, version }) => [company, version])),
          },
        }),
      ),
    onSuccess: (done) =>
      say(t("duplicates.done", { name: done.kept_name }), { undo: () => undo.mutate({ id: done.id }) }),
    onError: (error) => sayError(t("companies.merging.title"), sayThrown(error)),
    onSettled: () => void again(),
  });
  const take = (company: string, on: boolean) => {
    const next = new Set(left);
    if (on) next.delete(company);
    else next.add(company);
    setLeft(next);
  };
  const fits = taken.length >= 2 && taken.length <= MOST;
  return (
    <li className="flex flex-col gap-2.5 px-[18px] py-3 max-md:px-4">
      <div className="flex flex-wrap items-center gap-1.5">
        <b className="me-1 text-[14px] font-[590]">{t("companies.merging.group", { count: companies.length })}</b>
        <Sure confidence={group.confidence} />
      </div>
      <fieldset className="flex min-w-0 flex-col">
        <legend className="sr-only">{t("companies.merging.stays")}</legend>
        {companies.map((each) => (
          <div key={each.company} className="flex min-h-11 min-w-0 items-center gap-2.5">
            {writes && (
              <Checkbox
                label={t("companies.merging.take", { name: each.name })}
                checked={!left.has(each.company)}
                onChange={(on) => take(each.company, on)}
              />
            )}
            <span className="min-w-0 flex-1">
              <SideLink kind="companies" of={sideOf(each)} />
            </span>
            <span className="shrink-0 text-[12.5px] text-muted max-md:hidden">{formats.when(each.created_at)}</span>
            {writes && (
              <label className="flex min-h-11 shrink-0 cursor-pointer items-center gap-2 text-[13px]">
                <input
                  type="radio"
                  name={`${id}-kept`}
                  checked={kept === each}
                  disabled={left.has(each.company)}
                  onChange={() => setSaid(each.company)}
                />
                {t("companies.merging.keep")}
                <span className="sr-only">: {each.name}</span>
              </label>
            )}
          </div>
        ))}
      </fieldset>
      <div className="flex flex-wrap items-center gap-2">
        {writes && kept && (
          <Button
            writes
            size="small"
            look="primary"
            icon={<GitMerge />}
            disabled={!fits}
            busy={merge.isPending}
            onClick={() => merge.mutate(kept.company)}
          >
            {t("companies.merging.count", { count: taken.length })}
          </Button>
        )}
        {writes && fits && (
          <ButtonLink size="small" to="/companies/merge" search={{ ids: taken.map(({ company }) => company) }}>
            {t("duplicates.compare")}
          </ButtonLink>
        )}
        <Button
          size="small"
          look="ghost"
          icon={<ChevronDown className={open ? "rotate-180" : ""} />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t("companies.merging.why")}
        </Button>
        {taken.length > MOST && <span className="text-[12.5px] text-muted">{t("companies.merging.tooMany")}</span>}
      </div>
      {open && (
        <ul className="flex flex-col text-[13.5px]">
          {pairs.map((pair) => (
            <Bond key={pair.id} pair={pair} companies={companies} writes={writes} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** What binds two of them; they can be told apart. */
function Bond(props: { pair: Group["pairs"][number]; companies: Group["companies"]; writes: boolean }) {
  const { t } = useTranslation();
  const { pair, companies } = props;
  const { turn, busy } = useTurn(useDecide(), { ...pair, state: "open" });
  const name = (id: string) => companies.find(({ company }) => company === id)?.name ?? "";
  const names = { one: name(pair.one), other: name(pair.other) };
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1">
      <bdi className="min-w-0">{t("duplicates.pair", names)}</bdi>
      <span className="flex flex-wrap gap-1.5">
        <Sure confidence={pair.confidence} />
        {pair.reasons.map((reason) => (
          <Chip key={reason}>{t(`companies.merging.reason.${reason as Reason}`)}</Chip>
        ))}
      </span>
      {props.writes && (
        <Button
          writes
          size="small"
          look="ghost"
          busy={busy}
          aria-label={t("duplicates.noneOf", names)}
          onClick={turn}
          className="ms-auto"
        >
          {t("duplicates.none")}
        </Button>
      )}
    </li>
  );
}
