import { useQuery } from "@tanstack/react-query";
import { LogIn, Timer, X } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { Avatar } from "@/ui/avatar";
import { Button, IconButton } from "@/ui/button";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { Popover } from "@/ui/popover";
import { MINUTES, useEnter } from "./data";

interface Place {
  id: string;
  name: string;
}

/** Into a client: only to look unless he says otherwise, with a reason, for a while. */
export function Enter(props: {
  client: Place;
  size?: "small" | "normal";
  /** Somebody asked for it elsewhere; `onClose` hears that it is over. */
  asked?: boolean;
  onClose?: () => void;
}) {
  const { t } = useTranslation();
  const may = useMay("identity.impersonate");
  const { client, size = "small", asked = false, onClose } = props;
  const [pressed, setPressed] = useState(false);
  const open = pressed || asked;
  const setOpen = (on: boolean) => {
    setPressed(on);
    if (!on) onClose?.();
  };
  if (!may) return null;
  return (
    <Popover
      label={t("visit.enterOne", { name: client.name })}
      open={open}
      onOpenChange={setOpen}
      sheet
      className="w-[396px] p-5"
      trigger={
        <Button
          size={size}
          icon={<LogIn />}
          aria-label={t("visit.enterOne", { name: client.name })}
          className={open ? "border-sun! text-sun-text! [&_svg]:text-sun-text!" : ""}
        >
          {t("visit.enter")}
        </Button>
      }
    >
      <Form client={client} onClose={() => setOpen(false)} />
    </Popover>
  );
}

const schema = z.object({
  reason: z.string().check(z.trim(), z.minLength(10, "reason_short"), z.maxLength(1000, "too_long")),
  member: z.string(),
});

function Form({ client, onClose }: { client: Place; onClose: () => void }) {
  const { t } = useTranslation();
  const enter = useEnter(client);
  const [act, setAct] = useState(false);
  const people = useQuery({
    queryKey: ["clients", "one", client.id, "members"],
    queryFn: ({ signal }) => {
      const query = { limit: 200, filter: ["state:eq:active"] };
      return ok(api.GET("/v1/members", { params: { query }, headers: { "Upzento-Tenant": client.id }, signal }));
    },
    // Without the right to see them he enters in the place of the client as a whole.
    retry: false,
  });
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema,
    defaults: { reason: "", member: "" },
    submit: ({ reason, member }) => enter({ reason, may_act: act, ...(member && { member }) }),
  });
  const items = people.data?.items ?? [];
  const chosen = items.find(({ id }) => id === form.watch("member"));
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <header className="flex items-start gap-3">
        <Avatar name={client.name} id={client.id} square size="lg" />
        <span className="min-w-0 flex-1">
          <b className="wide block text-h2 font-semibold break-words">{t("visit.enterOne", { name: client.name })}</b>
          <small className="block text-[12.5px] text-muted">
            {chosen ? t("visit.sees", { name: chosen.name }) : t("visit.seesAdmin")}
          </small>
        </span>
        <IconButton label={t("action.close")} onClick={onClose} className="-m-1.5">
          <X />
        </IconButton>
      </header>
      <fieldset className="grid grid-cols-2 gap-2">
        <legend className="sr-only">{t("visit.mode")}</legend>
        <Mode label={t("visit.look")} text={t("visit.lookText")} checked={!act} onChoose={() => setAct(false)} />
        <Mode label={t("visit.act")} text={t("visit.actText")} checked={act} onChoose={() => setAct(true)} />
      </fieldset>
      {items.length > 0 && (
        <SelectField form={form} name="member" label={t("visit.place")}>
          <option value="">{t("visit.whole")}</option>
          {items.map(({ id, name, email }) => (
            <option key={id} value={id}>
              {name} ({email})
            </option>
          ))}
        </SelectField>
      )}
      <TextField
        form={form}
        name="reason"
        label={t("visit.reason")}
        placeholder={t("visit.reasonPlaceholder")}
        maxLength={1000}
        autoFocus
        autoComplete="off"
      />
      {trouble}
      <footer className="flex items-center justify-between gap-3">
        <span className="flex items-center gap-1.5 text-[12.5px] text-muted">
          <Timer aria-hidden="true" className="size-3.5 shrink-0" />
          {t("visit.ends", { count: MINUTES })}
        </span>
        <Button type="submit" look="sun" icon={<LogIn />} busy={busy} disabled={waiting > 0}>
          {t("visit.enter")}
        </Button>
      </footer>
    </form>
  );
}

function Mode(props: { label: string; text: string; checked: boolean; onChoose: () => void }) {
  const id = useId();
  return (
    <label
      htmlFor={id}
      className="relative cursor-pointer rounded-[12px] border border-control px-3 py-2.5 has-checked:border-sun has-checked:bg-sun-soft has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2"
    >
      <input
        id={id}
        type="radio"
        name="visit-mode"
        checked={props.checked}
        onChange={props.onChoose}
        className="sr-only"
      />
      <b className="block text-[13.5px] font-semibold">{props.label}</b>
      <span className="block text-cap leading-[1.35] text-ink-2">{props.text}</span>
    </label>
  );
}
