import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { useFormats } from "@/i18n/format";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame } from "@/ui/field";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { useRateChanges } from "./changes";
import { type Rate, rateOf } from "./data";

/** A new rate, or what another one is worth. */
export function RateDialog(props: { rate: Rate | "new" | undefined; home: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [last, setLast] = useState(props.rate);
  // Its words stay while it goes away.
  if (props.rate && props.rate !== last) setLast(props.rate);
  const now = props.rate ?? last;
  return (
    <Dialog
      open={props.rate !== undefined}
      onClose={props.onClose}
      title={t(now === "new" ? "deals.rates.add" : "deals.rates.edit")}
      lead={t("deals.rates.dialogLead", { home: props.home })}
    >
      {now && <Form key={now === "new" ? "new" : now.id} rate={now} home={props.home} onClose={props.onClose} />}
    </Dialog>
  );
}

function Form({ rate, home, onClose }: { rate: Rate | "new"; home: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { dayKey } = useFormats();
  const id = useId();
  const { add, set } = useRateChanges();
  const known = rate === "new" ? undefined : rate;
  const [currency, setCurrency] = useState(known?.currency ?? "");
  const [worth, setWorth] = useState(known?.rate ?? "");
  const [from, setFrom] = useState(known?.valid_from ?? dayKey(new Date()));
  const [tried, setTried] = useState(false);
  const send = known ? set : add;
  const said = (field: string) =>
    send.error instanceof ApiProblem ? send.error.fields.find((one) => one.field === `/${field}`)?.code : undefined;
  const read = rateOf(worth);
  const code = currency.trim().toUpperCase();
  const wrong = {
    currency: tried && !/^[A-Z]{3}$/.test(code) ? "currency_unknown" : said("currency"),
    rate: tried && !read ? "rate_invalid" : said("rate"),
    valid_from: tried && from === "" ? "required" : said("valid_from"),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!read || !/^[A-Z]{3}$/.test(code) || from === "" || send.isPending) return;
    if (known) set.mutate({ ...known, rate: read }, { onSuccess: onClose });
    else add.mutate({ currency: code, rate: read, valid_from: from }, { onSuccess: onClose });
  };
  const field = (name: keyof typeof wrong) => ({
    id: `${id}-${name}`,
    "aria-invalid": wrong[name] ? true : undefined,
    "aria-describedby": wrong[name] ? `${id}-${name}-say` : undefined,
    className: `${inputLook} ${inputHeight}`,
  });
  const unplaced = send.error && Object.values(wrong).every((code) => code === undefined);
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3.5">
      <div className="grid grid-cols-2 gap-3.5 max-sm:grid-cols-1">
        <FieldFrame
          id={`${id}-currency`}
          label={t("deals.rates.currency")}
          error={wrong.currency && sayProblem(wrong.currency)}
        >
          <input
            {...field("currency")}
            dir="ltr"
            value={currency}
            maxLength={3}
            autoComplete="off"
            disabled={known !== undefined}
            onChange={(event) => setCurrency(event.target.value)}
          />
        </FieldFrame>
        <FieldFrame
          id={`${id}-valid_from`}
          label={t("deals.rates.from")}
          error={wrong.valid_from && sayProblem(wrong.valid_from)}
        >
          <input
            {...field("valid_from")}
            type="date"
            value={from}
            disabled={known !== undefined}
            onChange={(event) => setFrom(event.target.value)}
          />
        </FieldFrame>
      </div>
      <FieldFrame
        id={`${id}-rate`}
        label={t("deals.rates.rate", { currency: code || "…", home })}
        error={wrong.rate && sayProblem(wrong.rate)}
      >
        <input
          {...field("rate")}
          dir="ltr"
          inputMode="decimal"
          value={worth}
          maxLength={21}
          autoComplete="off"
          onChange={(event) => setWorth(event.target.value)}
        />
      </FieldFrame>
      {unplaced && <Trouble>{sayThrown(send.error)}</Trouble>}
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={send.isPending}>
          {t("action.save")}
        </Button>
      </footer>
    </form>
  );
}
