import { useQuery } from "@tanstack/react-query";
import { Building2, X } from "lucide-react";
import { lazy, Suspense, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay, useMe } from "@/app/may";
import { withWords } from "@/i18n/words";
import { IconButton } from "@/ui/button";
import { FieldFrame } from "@/ui/field";
import { FilterChip } from "@/ui/filter";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Own } from "@/ui/own";
import { Popover } from "@/ui/popover";
import { SkeletonRows } from "@/ui/states";
import { company } from "../../companies/data";
import { contact } from "../../contacts/data";

const Finder = lazy(async () => ({
  default: (await withWords(["companies"], import("../../companies/finder"))).Finder,
}));

/** A company as far as a form needs it. */
export interface Firm {
  id: string;
  name: string;
}

function Find(props: { kind?: "companies" | "contacts"; but?: string; onChoose: (firm: Firm) => void }) {
  const { t } = useTranslation();
  const { kind = "companies", but, onChoose } = props;
  return (
    <Suspense fallback={<SkeletonRows rows={3} />}>
      <Finder
        kind={kind}
        label={t(kind === "companies" ? "deals.findCompany" : "deals.findContact")}
        but={but ? [but] : []}
        onChoose={({ id, name }) => onChoose({ id, name })}
      />
    </Suspense>
  );
}

/** Narrows deals to those of one company. */
export function CompanyFilter({ value, onChange }: { value?: string; onChange: (id: string | undefined) => void }) {
  const { t } = useTranslation();
  // Its place is kept while nobody knows yet who asks.
  const stranger = useMe() === undefined;
  const reads = useMay("companies.read");
  const { data } = useQuery({ ...company(value ?? ""), enabled: reads && value !== undefined, retry: false });
  if (!reads && !stranger && !value) return null;
  return (
    <FilterChip
      label={t("deals.field.company")}
      shown={value && (data?.name ?? "…")}
      onClear={() => onChange(undefined)}
    >
      {(close) => (
        <Find
          but={value}
          onChoose={({ id }) => {
            close();
            onChange(id);
          }}
        />
      )}
    </FilterChip>
  );
}

/** Narrows the table to the deals of one person; boards and sums do not know who takes part. */
export function ContactFilter({ value, onChange }: { value: string; onChange: (id: string | undefined) => void }) {
  const { t } = useTranslation();
  const reads = useMay("contacts.read");
  const { data } = useQuery({ ...contact(value), enabled: reads, retry: false });
  return (
    <FilterChip label={t("deals.newContact")} shown={data?.display_name ?? "…"} onClear={() => onChange(undefined)}>
      {(close) => (
        <Find
          kind="contacts"
          but={value}
          onChoose={({ id }) => {
            close();
            onChange(id);
          }}
        />
      )}
    </FilterChip>
  );
}

/** The company of a deal, for whoever may read companies. */
export function CompanyField({ value, onChange }: { value?: Firm; onChange: (firm: Firm | undefined) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const reads = useMay("companies.read");
  const [open, setOpen] = useState(false);
  if (!reads) return null;
  return (
    <FieldFrame id={id} label={t("deals.field.company")} optional>
      <span className="relative block">
        <Popover
          label={t("deals.findCompany")}
          align="start"
          open={open}
          onOpenChange={setOpen}
          trigger={
            <button
              id={id}
              type="button"
              aria-label={`${t("deals.field.company")}: ${value?.name ?? t("deals.findCompany")}`}
              className={`${inputLook} ${inputHeight} flex items-center gap-2 text-start ${value ? "pe-11" : "text-muted"}`}
            >
              <Building2 aria-hidden="true" className="size-4 shrink-0 text-muted" />
              <span className="flex min-w-0">
                <Own>{value?.name ?? t("deals.findCompany")}</Own>
              </span>
            </button>
          }
        >
          <Find
            but={value?.id}
            onChoose={(firm) => {
              setOpen(false);
              onChange(firm);
            }}
          />
        </Popover>
        {value && (
          <IconButton
            small
            label={t("deals.removeContact", { name: value.name })}
            onClick={() => onChange(undefined)}
            className="absolute! inset-y-0 end-1 my-auto"
          >
            <X />
          </IconButton>
        )}
      </span>
    </FieldFrame>
  );
}
