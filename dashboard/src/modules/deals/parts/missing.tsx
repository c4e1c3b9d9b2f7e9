import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { fieldsOf } from "@/modules/fields/fields-of";
import { Input } from "@/modules/fields/input";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { minorOf } from "@/ui/money";
import type { Lacking } from "../changes";
import { type Deal, useMembers } from "../data";
import { CompanyField, type Firm } from "./company";
import { People, type Person } from "./fields";

type Patch = Schema["DealPatch"];

/** What a stage asks for and a deal lacks: filled in here, and the deal goes where it was put. */
export function MissingDialog(props: {
  lacking: Lacking | undefined;
  onClose: () => void;
  /** It has what the stage asks for now. */
  onFilled: (lacking: Lacking, deal: Deal) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [last, setLast] = useState(props.lacking);
  // Its words stay while it goes away.
  if (props.lacking && props.lacking !== last) setLast(props.lacking);
  const now = props.lacking ?? last;
  if (!now) return null;
  return (
    <Dialog
      open={props.lacking !== undefined}
      onClose={props.onClose}
      title={t("deals.missingTitle", { title: now.move.deal.title })}
      lead={t("deals.needs", { fields: formats.list(now.names) })}
    >
      <Form key={`${now.move.deal.id}${now.move.stage}`} {...props} lacking={now} />
    </Dialog>
  );
}

function Form(props: { lacking: Lacking; onClose: () => void; onFilled: (lacking: Lacking, deal: Deal) => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const id = useId();
  const { lacking, onClose, onFilled } = props;
  const { deal } = lacking.move;
  const members = useMembers();
  const asked = (field: string) => lacking.pointers.includes(`/${field}`);
  const keys = lacking.pointers.flatMap((pointer) => /^\/custom\/(.+)$/.exec(pointer)?.[1] ?? []);
  const own = useQuery({ ...fieldsOf("deal"), enabled: keys.length > 0 });
  const [said, setSaid] = useState<Record<string, string>>({});
  const [custom, setCustom] = useState<Record<string, unknown>>({});
  const [people, setPeople] = useState<Person[]>([]);
  const [firm, setFirm] = useState<Firm>();
  const fill = useMutation({
    mutationFn: (body: Patch) => ok(api.PATCH("/v1/deals/{id}", { params: { path: { id: deal.id } }, body })),
    onSuccess: (fresh) => {
      void cache.invalidateQueries({ queryKey: ["deals"] });
      onClose();
      onFilled(lacking, fresh);
    },
  });
  // What cannot be read is said, not left out.
  const amount = asked("amount") && said.amount ? minorOf(said.amount, deal.currency) : undefined;
  const unread = asked("amount") && Boolean(said.amount?.trim()) && amount === undefined;
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (unread) return;
    const text = (field: string) => (asked(field) && said[field]?.trim() ? { [field]: said[field].trim() } : {});
    fill.mutate({
      ...text("expected_close"),
      ...text("owner"),
      ...text("next_step"),
      ...text("source"),
      ...(amount !== undefined && { amount }),
      ...(people.length > 0 && { contacts: people.map(({ contact, role }) => ({ contact, ...(role && { role }) })) }),
      ...(firm && { company: firm.id }),
      ...(keys.length > 0 && { custom }),
    });
  };
  const line = (field: "amount" | "expected_close" | "next_step" | "source", most: number) =>
    asked(field) && (
      <FieldFrame
        id={`${id}-${field}`}
        label={t(`deals.field.${field}`)}
        error={field === "amount" && tried && unread ? sayProblem("amount_invalid") : undefined}
      >
        <input
          id={`${id}-${field}`}
          aria-invalid={field === "amount" && tried && unread ? true : undefined}
          aria-describedby={field === "amount" && tried && unread ? `${id}-${field}-say` : undefined}
          type={field === "expected_close" ? "date" : "text"}
          inputMode={field === "amount" ? "decimal" : undefined}
          dir={field === "amount" ? "ltr" : "auto"}
          value={said[field] ?? ""}
          maxLength={most}
          max={field === "expected_close" ? "9998-12-31" : undefined}
          autoComplete="off"
          onChange={(event) => setSaid({ ...said, [field]: event.target.value })}
          className={`${inputLook} ${inputHeight}`}
        />
      </FieldFrame>
    );
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3.5">
      {line("amount", 20)}
      {line("expected_close", 10)}
      {asked("owner") && (
        <FieldFrame id={`${id}-owner`} label={t("deals.field.owner")}>
          <Select
            id={`${id}-owner`}
            value={said.owner ?? ""}
            onChange={(event) => setSaid({ ...said, owner: event.target.value })}
          >
            <option value="">{t("deals.nobody")}</option>
            {[...members].map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </Select>
        </FieldFrame>
      )}
      {asked("contacts") && <People people={people} onChange={setPeople} />}
      {asked("company") && <CompanyField value={firm} onChange={setFirm} />}
      {line("next_step", 200)}
      {line("source", 100)}
      {(own.data?.items ?? [])
        .filter(({ key }) => keys.includes(key))
        .map((field) => (
          <FieldFrame key={field.key} id={`${id}-${field.key}`} label={<bdi>{field.label}</bdi>}>
            <Input
              inForm
              id={`${id}-${field.key}`}
              field={field}
              value={custom[field.key] ?? null}
              onSave={(value) => setCustom({ ...custom, [field.key]: value })}
            />
          </FieldFrame>
        ))}
      {fill.error && (
        <p role="alert" className="text-[13.5px] text-danger-text">
          {sayThrown(fill.error)}
        </p>
      )}
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button writes type="submit" look="primary" busy={fill.isPending}>
          {t("deals.missingMove", { stage: lacking.move.name ?? "" })}
        </Button>
      </footer>
    </form>
  );
}
