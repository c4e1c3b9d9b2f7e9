import type { TFunction } from "i18next";
import { ChevronDown } from "lucide-react";
import { Fragment, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { Choices } from "@/ui/filter";
import { useMedia } from "@/ui/media";
import { money } from "@/ui/money";
import { Popover } from "@/ui/popover";
import { useMembers } from "../../contacts/data";
import { useChange } from "../changes";
import { type Company, STATUSES, TIERS } from "../data";
import { bare, dayOf, StatusChip, TierChip } from "../parts";

/** Who they are, how they stand, what is agreed. */
export function Profile({ company }: { company: Company }) {
  const facts = [company.industry, company.address?.city].filter(Boolean);
  return (
    <div className="pt-5.5 pe-6 pb-7 ps-7 max-md:px-4 max-md:pt-3.5 max-md:pb-2">
      <header className="max-md:flex max-md:items-center max-md:gap-3.5">
        <Avatar name={company.name} id={company.id} size="xl" square className="mb-3 max-md:mb-0" />
        <div className="min-w-0">
          <h2 className="wide text-h1 font-[590] break-words [unicode-bidi:isolate]">{company.name}</h2>
          <p className="text-sm text-muted">{facts.join(", ")}</p>
        </div>
      </header>
      <Standing company={company} />
      <Details company={company} />
    </div>
  );
}

function Standing({ company }: { company: Company }) {
  const { t } = useTranslation();
  const writes = useMay("companies.write") && !company.deleted_at;
  const change = useChange(company);
  const { status, tier } = company;
  if (!writes)
    return (
      <div className="mt-3 flex flex-wrap gap-1.5">
        <StatusChip status={status} />
        {tier && <TierChip tier={tier} />}
      </div>
    );
  const none = (
    <span className="inline-flex h-[22px] items-center gap-1 rounded-chip border border-line-2 border-dashed px-2 text-cap text-muted hover:text-ink">
      {t("companies.tierOf")}
      <ChevronDown aria-hidden="true" className="size-3" />
    </span>
  );
  return (
    <div className="mt-3 flex flex-wrap items-center gap-1.5">
      <Chosen
        label={t("companies.setStatus")}
        value={status}
        shown={<StatusChip status={status} />}
        choices={STATUSES.map((value) => ({ value, label: t(`companies.status.${value}`) }))}
        onChoose={(value) => {
          const next = value as Company["status"];
          if (next !== status)
            change({ status: next }, { status }, t("companies.statusSet", { status: t(`companies.status.${next}`) }));
        }}
      />
      <Chosen
        label={t("companies.setTier")}
        value={tier ?? ""}
        shown={tier ? <TierChip tier={tier} /> : none}
        choices={[
          { value: "", label: t("companies.noTier") },
          ...TIERS.map((value) => ({ value, label: t(`companies.tier.${value}`) })),
        ]}
        onChoose={(value) => {
          const next = (value || null) as Company["tier"];
          if ((next ?? "") !== (tier ?? "")) change({ tier: next }, { tier: tier ?? null }, t("companies.tierSet"));
        }}
      />
    </div>
  );
}

function Chosen(props: {
  label: string;
  value: string;
  shown: ReactNode;
  choices: readonly { value: string; label: string }[];
  onChoose: (value: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const said = props.choices.find((choice) => choice.value === props.value)?.label ?? props.value;
  return (
    <Popover
      label={props.label}
      align="start"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          aria-label={`${props.label}: ${said}`}
          className="relative max-w-full rounded-chip after:absolute after:-inset-y-2.5 after:inset-x-0"
        >
          {props.shown}
        </button>
      }
    >
      <Choices
        label={props.label}
        value={props.value}
        choices={props.choices}
        onChoose={(value) => {
          setOpen(false);
          props.onChoose(value);
        }}
      />
    </Popover>
  );
}

/** On phones people and what happened come first; the facts are one touch away. */
function Details({ company }: { company: Company }) {
  const { t } = useTranslation();
  const phone = useMedia("(max-width: 767px)");
  const content = (
    <>
      <Facts company={company} />
      {company.description && (
        <p dir="auto" className="mt-4 border-line border-t pt-4 text-sm whitespace-pre-line break-words text-ink-2">
          {company.description}
        </p>
      )}
    </>
  );
  if (!phone) return <div className="mt-4">{content}</div>;
  return (
    <details className="group mt-3 border-line border-y py-1">
      <summary className="flex min-h-11 cursor-pointer items-center justify-between text-sm font-semibold">
        {t("companies.facts")}
        <ChevronDown aria-hidden="true" className="size-4 text-muted transition-transform group-open:rotate-180" />
      </summary>
      <div className="pb-3">{content}</div>
    </details>
  );
}

function Facts({ company }: { company: Company }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const { address, currency } = company;
  const field = (key: Parameters<typeof fieldName>[1]) => fieldName(t, key);
  const amount = (minor?: number | null) => minor != null && currency && money(minor, currency, locale);
  // Counted from won deals, in the account's own currency.
  const worth = (minor: number) => company.value_currency && money(minor, company.value_currency, locale);
  const day = (value?: string | null) => value && <time dateTime={value}>{dayOf(value, locale)}</time>;
  const region = address?.country && new Intl.DisplayNames([locale], { type: "region" }).of(address.country);
  const place = [
    address?.line1,
    address?.line2,
    [address?.postal_code, address?.city].filter(Boolean).join(" "),
    address?.region,
    region,
  ].filter(Boolean);
  const page = (at: string) => (
    <a
      key={at}
      href={at}
      target="_blank"
      rel="noreferrer noopener"
      dir="ltr"
      className="break-words text-accent-text hover:underline"
    >
      <Address text={bare(at)} />
    </a>
  );
  const facts: [string, ReactNode][] = [
    [t("companies.owner"), <Owner key="owner" company={company} />],
    [field("website"), company.website && page(company.website)],
    [t("companies.profiles"), company.profiles.length > 0 && company.profiles.map(page)],
    [
      field("email"),
      company.email && (
        <span dir="ltr">
          <Address text={company.email} />
        </span>
      ),
    ],
    [
      field("phone"),
      company.phone && (
        <span className="num" dir="ltr">
          {company.phone}
        </span>
      ),
    ],
    [
      t("companies.address"),
      place.length > 0 && (
        <span className="whitespace-pre-line [unicode-bidi:plaintext] rtl:text-right">{place.join("\n")}</span>
      ),
    ],
    [field("legal_name"), company.legal_name],
    [field("size"), company.size && t("companies.employees", { size: company.size })],
    [field("tax_id"), company.tax_id && <span dir="ltr">{company.tax_id}</span>],
    [t("companies.lifetimeValue"), worth(company.lifetime_value)],
    [t("companies.contractValue"), company.contract_value > 0 && worth(company.contract_value)],
    [t("companies.recurringRevenue"), company.recurring_revenue > 0 && worth(company.recurring_revenue)],
    [
      t("companies.valueMissing"),
      company.value_missing.length > 0 && <span className="text-warning-text">{company.value_missing.join(", ")}</span>,
    ],
    [field("annual_value"), amount(company.annual_value)],
    [field("monthly_revenue"), amount(company.monthly_revenue)],
    [field("client_since"), day(company.client_since)],
    [field("renews_on"), day(company.renews_on)],
    [field("cancel_by"), day(company.cancel_by)],
  ];
  return (
    <dl aria-label={t("companies.facts")} className="text-sm">
      {facts
        .filter(([, value]) => value)
        .map(([label, value]) => (
          <div key={label} className="grid grid-cols-[92px_minmax(0,1fr)] items-baseline gap-2 py-[5px]">
            <dt className="text-muted">{label}</dt>
            <dd className="flex min-w-0 flex-col items-start [overflow-wrap:anywhere] [&>*]:max-w-full">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

const fieldName = (
  t: TFunction,
  key:
    | "website"
    | "email"
    | "phone"
    | "legal_name"
    | "size"
    | "tax_id"
    | "annual_value"
    | "monthly_revenue"
    | "client_since"
    | "renews_on"
    | "cancel_by",
) => t(`companies.field.${key}`);

/** Who looks after the company; whoever may changes it here. */
function Owner({ company }: { company: Company }) {
  const { t } = useTranslation();
  const writes = useMay("companies.write") && !company.deleted_at;
  const members = useMembers();
  const change = useChange(company);
  const owner = company.owner ?? "";
  const shown = owner ? (members.get(owner) ?? owner) : t("companies.nobody");
  const who = (
    <span className="flex min-w-0 items-center gap-1.5">
      {owner && <Avatar name={members.get(owner) ?? "?"} id={owner} size="xs" />}
      <bdi className="min-w-0 truncate">{shown}</bdi>
    </span>
  );
  if (!writes || members.size === 0) return who;
  return (
    <Chosen
      label={`${t("companies.setOwner")}: ${shown}`}
      value={owner}
      shown={<span className="-mx-1 flex rounded-[6px] px-1 hover:bg-hover">{who}</span>}
      choices={[
        { value: "", label: t("companies.nobody") },
        ...[...members].map(([value, label]) => ({ value, label })),
      ]}
      onChoose={(next) => {
        if (next !== owner) change({ owner: next || null }, { owner: owner || null }, t("companies.ownerChanged"));
      }}
    />
  );
}

/** An address that is too long for its line breaks after its at sign or before a dot. */
const Address = ({ text }: { text: string }) =>
  text.split(/(?<=@)|(?=\.)/).map((part, n) => (
    <Fragment key={`${n}${part}`}>
      {n > 0 && <wbr />}
      {part}
    </Fragment>
  ));
