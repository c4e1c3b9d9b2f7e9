import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Handshake } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { tenant } from "@/api/queries";
import { useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, Select } from "@/ui/field";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { minorOf, money } from "@/ui/money";
import { SearchBox } from "@/ui/search-box";
import { Segments } from "@/ui/segments";
import { SkeletonRows } from "@/ui/states";
import { say } from "@/ui/toast";
import { companiesOf } from "../companies/data";
import { type Contact, stages } from "../contacts/data";
import { Asked, useAsked } from "../fields/asked";
import type { Custom, CustomField } from "../fields/data";
import { OwnerOptions, ownerOf, useRuled } from "./assignment/owner";
import { pipelines, ROLES, useMembers } from "./data";
import { CompanyField, type Firm } from "./parts/company";

type Way = "new" | "known";

/** A contact becomes somebody who may buy: with a new deal, or with a place in one that is there. */
export function Convert({ contact, open, onClose }: { contact: Contact; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const reads = useMay("companies.read");
  const lines = useQuery(pipelines);
  const account = useQuery(tenant);
  const known = useQuery(stages);
  const firms = useQuery({ ...companiesOf(contact.id), enabled: open && reads });
  const fields = useAsked("deal");
  const ruled = useRuled();
  // What can be chosen stands before it is shown.
  const ready =
    lines.data && account.data && known.data && fields && ruled !== undefined && (!reads || !firms.isPending);
  const first = firms.data?.find(({ primary }) => primary) ?? firms.data?.[0];
  return (
    <Dialog
      wide
      open={open}
      onClose={onClose}
      title={t("deals.convert.title")}
      lead={<bdi>{contact.display_name}</bdi>}
    >
      {ready ? (
        <Form
          contact={contact}
          currency={account.data.currency}
          firm={first && { id: first.company, name: first.name }}
          asked={fields}
          ruled={ruled}
          goal={known.data.find(({ entry }) => entry === "converted")?.label}
          onClose={onClose}
        />
      ) : (
        <SkeletonRows rows={5} />
      )}
    </Dialog>
  );
}

function Form(props: {
  contact: Contact;
  currency: string;
  firm: Firm | undefined;
  /** Fields that whoever makes a deal has to fill in. */
  asked: readonly CustomField[];
  /** Rules give the deal to somebody when nobody is named. */
  ruled: boolean;
  /** The stage that contacts of whom a deal is made come to. */
  goal: string | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { contact, currency, goal, ruled, onClose } = props;
  const id = useId();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { data: lines = [] } = useQuery(pipelines);
  const members = useMembers();
  const [way, setWay] = useState<Way>("new");
  const [title, setTitle] = useState(titleOf(contact));
  const [amount, setAmount] = useState("");
  const [stage, setStage] = useState(lines[0]?.stages[0]?.id ?? "");
  const [firm, setFirm] = useState(props.firm);
  const [given, setOwner] = useState<string>();
  // Whoever does not see all deals may not give one to everybody: the server knows who has it, unless somebody is chosen.
  const all = useMe()?.grants["deals.write"] === "all";
  const usual = all && contact.owner && members.has(contact.owner) ? contact.owner : "";
  const owner = given ?? usual;
  const [source, setSource] = useState(contact.source ?? "");
  const [role, setRole] = useState<Schema["DealRole"]>("decision_maker");
  const [deal, setDeal] = useState<string>();
  const [moves, setMoves] = useState(true);
  const [asked, setAsked] = useState<"amount" | "deal">();
  const own = useForm<{ custom: Custom }>({ defaultValues: { custom: {} } });
  const convert = useMutation({
    mutationFn: (body: Schema["NewConversion"]) =>
      ok(api.POST("/v1/contacts/{id}/conversions", { params: { path: { id: contact.id } }, body })),
    onSuccess: async ({ deal: made }, { new: asked }) => {
      for (const key of [["deals"], ["contacts"]]) void cache.invalidateQueries({ queryKey: key });
      const name = made.owner && members.get(made.owner);
      const gave = name ? t("deals.assignment.gave", { name }) : t("deals.assignment.gaveNobody");
      const more = asked && "by_rules" in asked ? { description: gave } : {};
      say(t(asked ? "deals.convert.made" : "deals.convert.added", { title: made.title }), more);
      onClose();
      await navigate({ to: "/deals/$id", params: { id: made.id } });
    },
    onError: (error) => {
      for (const { key, code } of customOf(error)) own.setError(`custom.${key}`, { message: sayProblem(code) });
    },
  });
  const wrong = convert.error instanceof ApiProblem ? convert.error.fields : [];
  const said = (field: string) => {
    const code = wrong.find((problem) => problem.field === `/new/${field}`)?.code;
    return code && sayProblem(code);
  };
  const placed =
    ["title", "amount", "stage", "owner", "source"].some((field) => said(field)) ||
    customOf(convert.error).some(({ key }) => props.asked.some((field) => field.key === key));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (convert.isPending) return;
    const rest = { role, keep_stage: goal === undefined || !moves };
    if (way === "known") {
      setAsked(deal ? undefined : "deal");
      if (deal) convert.mutate({ deal, ...rest });
      return;
    }
    const minor = amount.trim() === "" ? 0 : minorOf(amount, currency);
    setAsked(minor === undefined ? "amount" : undefined);
    if (minor === undefined) return;
    const made = {
      title: title.trim(),
      stage,
      amount: minor,
      currency,
      company: firm?.id ?? null,
      source: source.trim() || null,
      custom: own.getValues("custom"),
      ...(members.size > 0 && (all || given !== undefined) && ownerOf(owner, ruled)),
    };
    convert.mutate({ new: made, ...rest });
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3.5">
      {convert.isError && !placed && <Trouble>{sayThrown(convert.error)}</Trouble>}
      <span className="flex">
        <Segments
          label={t("deals.convert.way")}
          value={way}
          onChange={setWay}
          options={(["new", "known"] as const).map((value) => ({ value, label: t(`deals.convert.${value}`) }))}
        />
      </span>
      {way === "new" ? (
        <>
          <Line
            id={`${id}-title`}
            label={t("deals.field.title")}
            value={title}
            onChange={setTitle}
            error={said("title")}
          />
          <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
            <Line
              id={`${id}-amount`}
              label={`${t("deals.field.amount")} (${currency})`}
              value={amount}
              onChange={setAmount}
              optional
              numeric
              error={asked === "amount" ? sayProblem("amount_invalid") : said("amount")}
            />
            <FieldFrame id={`${id}-stage`} label={t("deals.field.stage")} error={said("stage")}>
              <Select id={`${id}-stage`} value={stage} onChange={(event) => setStage(event.target.value)}>
                {lines.map((line) => (
                  <optgroup key={line.id} label={line.name}>
                    {line.stages.map(({ id: value, name }) => (
                      <option key={value} value={value}>
                        {name}
                      </option>
                    ))}
                  </optgroup>
                ))}
              </Select>
            </FieldFrame>
          </div>
          <CompanyField value={firm} onChange={setFirm} />
          <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
            {members.size > 0 && (
              <FieldFrame id={`${id}-owner`} label={t("deals.field.owner")} optional error={said("owner")}>
                <Select id={`${id}-owner`} value={owner} onChange={(event) => setOwner(event.target.value)}>
                  <OwnerOptions ruled={ruled} />
                </Select>
              </FieldFrame>
            )}
            <Line
              id={`${id}-source`}
              label={t("deals.field.source")}
              value={source}
              onChange={setSource}
              optional
              error={said("source")}
            />
          </div>
          <Asked fields={props.asked} form={own} />
        </>
      ) : (
        <Known chosen={deal} onChoose={setDeal} missing={asked === "deal" && !deal} />
      )}
      <FieldFrame id={`${id}-role`} label={t("deals.convert.role")}>
        <Select
          id={`${id}-role`}
          value={role}
          onChange={(event) => setRole(ROLES.find((one) => one === event.target.value) ?? "other")}
        >
          {ROLES.map((one) => (
            <option key={one} value={one}>
              {t(`deals.role.${one}`)}
            </option>
          ))}
        </Select>
      </FieldFrame>
      {goal && (
        // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is inside
        <label className="flex min-h-9 items-center gap-2.5 text-sm coarse:min-h-11">
          <Checkbox label={t("deals.convert.move", { stage: goal })} checked={moves} onChange={setMoves} />
          <span>
            {t("deals.convert.move", { stage: goal })}
            <span className="block text-cap text-muted">{t("deals.convert.moveHelp")}</span>
          </span>
        </label>
      )}
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" icon={<Handshake />} busy={convert.isPending}>
          {t(way === "new" ? "deals.convert.action" : "deals.convert.put")}
        </Button>
      </footer>
    </form>
  );
}

/** What the server refuses of the fields that the tenant defined. */
const customOf = (error: unknown): { key: string; code: string }[] =>
  (error instanceof ApiProblem ? error.fields : []).flatMap(({ field, code }) =>
    field.startsWith("/new/custom/") ? [{ key: field.slice("/new/custom/".length), code }] : [],
  );

/** Open deals, found by their words. */
function Known(props: { chosen: string | undefined; onChoose: (deal: string) => void; missing: boolean }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const id = useId();
  const [q, setQ] = useState("");
  const found = useQuery({
    queryKey: ["deals", "to-join", q],
    queryFn: ({ signal }) => {
      const query = { limit: 8, sort: "-updated_at", filter: ["status:eq:open"], ...(q && { q }) };
      return ok(api.GET("/v1/deals", { params: { query }, signal }));
    },
  });
  const items = found.data?.items ?? [];
  return (
    <fieldset className="min-h-72" aria-describedby={props.missing ? id : undefined}>
      <legend className="sr-only">{t("deals.convert.choose")}</legend>
      <SearchBox label={t("deals.convert.find")} value={q} onChange={setQ} className="mb-2 w-full" />
      {props.missing && (
        <p id={id} role="alert" className="mb-1 text-cap text-danger-text">
          {t("deals.convert.choose")}
        </p>
      )}
      {found.isPending ? (
        <SkeletonRows rows={4} />
      ) : items.length === 0 ? (
        <p className="text-sm text-muted">{t("deals.convert.none")}</p>
      ) : (
        items.map((deal) => (
          <label
            key={deal.id}
            htmlFor={`${id}-${deal.id}`}
            className="flex min-h-12 cursor-pointer items-center gap-2.5 rounded-control px-2 text-sm has-checked:bg-selected hover:bg-hover"
          >
            <input
              id={`${id}-${deal.id}`}
              type="radio"
              name={id}
              checked={props.chosen === deal.id}
              onChange={() => props.onChoose(deal.id)}
            />
            <span className="min-w-0 flex-1">
              <b className="block truncate font-[560]">
                <bdi>{deal.title}</bdi>
              </b>
              <span className="block truncate text-cap text-muted">
                <bdi>{deal.company_name ?? deal.contacts[0]?.name}</bdi>
              </span>
            </span>
            {deal.amount > 0 && <span className="num shrink-0">{money(deal.amount, deal.currency, locale)}</span>}
          </label>
        ))
      )}
    </fieldset>
  );
}

function Line(props: {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  optional?: boolean;
  numeric?: boolean;
  error?: string;
}) {
  const { id, error } = props;
  return (
    <FieldFrame id={id} label={props.label} optional={props.optional} error={error}>
      <input
        id={id}
        value={props.value}
        maxLength={200}
        autoComplete="off"
        inputMode={props.numeric ? "decimal" : undefined}
        dir={props.numeric ? "ltr" : "auto"}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-say` : undefined}
        onChange={(event) => props.onChange(event.target.value)}
        className={`${inputLook} ${inputHeight}`}
      />
    </FieldFrame>
  );
}

/** What the server would call it, to be changed before. */
function titleOf({ display_name: name, company_name: company }: Contact): string {
  return company && company !== name ? `${company}, ${name}` : name;
}
