import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { tenant } from "@/api/queries";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, SelectField, TextField } from "@/ui/field";
import { type ServerForm, useServerForm } from "@/ui/form";
import { inputLook } from "@/ui/input-look";
import { money } from "@/ui/money";
import { say } from "@/ui/toast";
import { Asked, useAsked } from "../../fields/asked";
import type { CustomField } from "../../fields/data";
import { NOBODY, OwnerOptions, useRuled } from "../assignment/owner";
import { type Deal, deal as one, type Pipeline, useMembers } from "../data";
import { CompanyField, type Firm } from "./company";
import { bodyOf, People, type Person, schema, type Values, valuesOf } from "./fields";

/** A new deal, at the top of the stage that is chosen. */
export function NewDeal(props: NewDealProps & { open: boolean }) {
  const { t } = useTranslation();
  const { data } = useQuery(tenant);
  const fields = useAsked("deal");
  const ruled = useRuled();
  // What can be chosen stands before it is shown: nothing that was chosen turns into something else.
  const known = fields !== undefined && ruled !== undefined;
  return (
    <Dialog open={props.open && known} onClose={props.onClose} title={t("deals.create")} wide>
      {data && known && <Make {...props} currency={data.currency} asked={fields} ruled={ruled} />}
    </Dialog>
  );
}

interface NewDealProps {
  line: Pipeline;
  onClose: () => void;
  /** Who it is for, when that is known where it is made. */
  company?: Firm;
  person?: Person;
  onMade?: (deal: Deal) => void;
}

function Make(props: NewDealProps & { currency: string; asked: readonly CustomField[]; ruled: boolean }) {
  const { line, currency, onClose, company, person, onMade, ruled } = props;
  const { t } = useTranslation();
  const cache = useQueryClient();
  const members = useMembers();
  const [firm, setFirm] = useState(company);
  const [people, setPeople] = useState<Person[]>(person ? [person] : []);
  const empty = { title: "", amount: "", expected_close: "", starts_on: "", ends_on: "", owner: "", source: "" };
  const rest = { next_step: "", next_step_on: "", description: "", stage: line.stages[0]?.id ?? "" };
  const server = useServerForm<Values>({
    schema,
    defaults: { ...empty, ...rest, currency, custom: {} },
    submit: async (values) => {
      const contacts = people.map(({ contact, role }) => ({ contact, role }));
      const { stage, custom } = values;
      const unassigned = values.owner === NOBODY;
      const owner = unassigned ? "" : values.owner;
      const body = {
        ...bodyOf({ ...values, owner }, undefined),
        unassigned,
        stage,
        custom,
        contacts,
        company: firm?.id,
      };
      const made = await ok(api.POST("/v1/deals", { body }));
      void cache.invalidateQueries({ queryKey: ["deals"] });
      const name = made.owner && members.get(made.owner);
      const gave = name ? t("deals.assignment.gave", { name }) : t("deals.assignment.gaveNobody");
      say(t("deals.created", { title: made.title }), ruled && values.owner === "" ? { description: gave } : {});
      onClose();
      onMade?.(made);
    },
  });
  return (
    <Fields
      server={server}
      line={line}
      firm={firm}
      onFirm={setFirm}
      people={people}
      onPeople={setPeople}
      action={t("action.add")}
      onClose={onClose}
      asked={props.asked}
      ruled={ruled}
    />
  );
}

/** The same fields, of a deal that is there. */
export function EditDeal(props: { deal: Deal; line: Pipeline; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={props.open} onClose={props.onClose} title={t("deals.edit")} wide>
      <Change deal={props.deal} line={props.line} onClose={props.onClose} />
    </Dialog>
  );
}

function Change({ deal, line, onClose }: { deal: Deal; line: Pipeline; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  // What the typed text is based on: news that arrive meanwhile are not overwritten, the server says 412.
  const [base] = useState(deal);
  const reads = useMay("companies.read");
  const [firm, setFirm] = useState(base.company ? { id: base.company, name: base.company_name ?? "" } : undefined);
  const [people, setPeople] = useState<Person[]>(base.contacts);
  const server = useServerForm<Values>({
    schema,
    defaults: valuesOf(base),
    submit: async (values) => {
      const contacts = people.map(({ contact, role }) => ({ contact, ...(role && { role }) }));
      const params = { path: { id: base.id }, header: ifMatch(base.version) };
      const { amount, ...rest } = bodyOf(values, null);
      const body = {
        ...rest,
        contacts,
        // What its items add up to is not for anybody to write.
        ...(base.items.length === 0 && { amount }),
        ...(reads && { company: firm?.id ?? null }),
      };
      const fresh = await ok(api.PATCH("/v1/deals/{id}", { params, body }));
      cache.setQueryData(one(base.id).queryKey, fresh);
      void cache.invalidateQueries({ queryKey: ["deals"] });
      say(t("action.saved"));
      onClose();
    },
  });
  return (
    <Fields
      server={server}
      line={line}
      firm={firm}
      onFirm={setFirm}
      people={people}
      onPeople={setPeople}
      action={t("action.save")}
      onClose={onClose}
      there={base}
    />
  );
}

function Fields(props: {
  server: ServerForm<Values>;
  line: Pipeline;
  firm: Firm | undefined;
  onFirm: (firm: Firm | undefined) => void;
  people: Person[];
  onPeople: (people: Person[]) => void;
  action: string;
  onClose: () => void;
  /** One that is there: its stage is changed by moving it. */
  there?: Deal;
  /** What a new one has to be given besides. */
  asked?: readonly CustomField[];
  /** Rules give a new one to somebody when nobody is named. */
  ruled?: boolean;
}) {
  const { t } = useTranslation();
  const id = useId();
  const { server, line, people, onPeople, there } = props;
  const { form, onSubmit, busy, trouble } = server;
  const members = useMembers();
  const { locale } = useFormats();
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <TextField form={form} name="title" label={t("deals.field.title")} autoFocus />
      <div className="grid grid-cols-[minmax(0,1fr)_88px] gap-3.5">
        {there && there.items.length > 0 ? (
          <p className="text-sm">
            <span className="mb-1.5 block text-[12.5px] font-[560] text-ink-2">{t("deals.field.amount")}</span>
            <span className="block pt-1.5">
              {t("deals.items.isSum", { amount: money(there.amount, there.currency, locale) })}
            </span>
          </p>
        ) : (
          <TextField form={form} name="amount" label={t("deals.field.amount")} inputMode="decimal" dir="ltr" optional />
        )}
        <TextField
          form={form}
          name="currency"
          label={t("deals.field.currency")}
          dir="ltr"
          maxLength={3}
          autoCapitalize="characters"
        />
      </div>
      <div className="grid grid-cols-2 gap-3.5">
        {!there && (
          <SelectField form={form} name="stage" label={t("deals.field.stage")}>
            {line.stages.map((stage) => (
              <option key={stage.id} value={stage.id}>
                {stage.name}
              </option>
            ))}
          </SelectField>
        )}
        <TextField form={form} name="expected_close" type="date" label={t("deals.field.expected_close")} optional />
        <TextField form={form} name="starts_on" type="date" label={t("deals.field.starts_on")} optional />
        <TextField form={form} name="ends_on" type="date" label={t("deals.field.ends_on")} optional />
        {there && <TextField form={form} name="source" label={t("deals.field.source")} optional />}
      </div>
      <CompanyField value={props.firm} onChange={props.onFirm} />
      <People people={people} onChange={onPeople} />
      <div className="grid grid-cols-[minmax(0,1fr)_150px] gap-3.5">
        <TextField form={form} name="next_step" label={t("deals.field.next_step")} optional />
        <TextField form={form} name="next_step_on" type="date" label={t("deals.field.next_step_on")} optional />
      </div>
      {members.size > 0 && (
        <SelectField form={form} name="owner" label={t("deals.field.owner")} optional>
          <OwnerOptions ruled={props.ruled} />
        </SelectField>
      )}
      {there && (
        <FieldFrame id={id} label={t("deals.field.description")} optional>
          <textarea
            id={id}
            rows={3}
            maxLength={5000}
            {...form.register("description")}
            className={`${inputLook} resize-y py-2`}
          />
        </FieldFrame>
      )}
      <Asked fields={props.asked ?? []} form={form} />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={props.onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {props.action}
        </Button>
      </footer>
    </form>
  );
}
