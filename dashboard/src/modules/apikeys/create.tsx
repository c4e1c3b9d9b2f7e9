import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { sayProblem } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { SecretOnce } from "@/ui/secret";
import { Scopes } from "./scopes";

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(120, "name_invalid")),
  scopes: z.array(z.string()).check(z.minLength(1, "scopes_empty")),
  level: z.enum(["all", "team"]),
  ends: z.enum(["30", "90", "365", "never", "date"]),
  date: z.string(),
  addresses: z.string(),
});

/** The server counts refused networks; all of them are in one field here. */
const NETWORKS = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`/addresses/${at}`, "addresses" as const]));

export function CreateKey({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [secret, setSecret] = useState<string>();
  if (secret)
    return (
      <SecretOnce
        title={t("apikeys.secretTitle")}
        lead={t("apikeys.secretText")}
        label={t("apikeys.secret")}
        secret={secret}
        onDone={() => {
          setSecret(undefined);
          onClose();
        }}
      >
        <p className="mt-3 text-sm text-muted">{t("apikeys.secretHow")}</p>
      </SecretOnce>
    );
  return (
    <Dialog wide open={open} onClose={onClose} title={t("apikeys.create")} lead={t("apikeys.createLead")}>
      <Form onClose={onClose} onMade={setSecret} />
    </Dialog>
  );
}

/** The end of the day that was chosen, or so many days from now. */
export function endOf(ends: string, date: string, now = Date.now()): string | undefined {
  if (ends === "never") return undefined;
  if (ends === "date") return date ? new Date(`${date}T23:59:59`).toISOString() : undefined;
  return new Date(now + Number(ends) * 86_400_000).toISOString();
}

function Form({ onClose, onMade }: { onClose: () => void; onMade: (secret: string) => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: { name: "", scopes: [], level: "all", ends: "90", date: "", addresses: "" },
    fields: { "/expires_at": "date", ...NETWORKS },
    submit: async ({ name, scopes, level, ends, date, addresses }): Promise<void> => {
      const expires_at = endOf(ends, date);
      if (ends === "date" && !expires_at) return form.setError("date", { message: "required" });
      const body = {
        name,
        scopes: Object.fromEntries(scopes.map((scope) => [scope, level])),
        addresses: addresses.split(/[\s,]+/).filter(Boolean),
        ...(expires_at && { expires_at }),
      };
      const made = await ok(api.POST("/v1/api-keys", { body }));
      void cache.invalidateQueries({ queryKey: ["api_keys"] });
      onMade(made.secret);
    },
  });
  const wrong = form.formState.errors.scopes?.message;
  const ends = form.watch("ends");
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <TextField
        form={form}
        name="name"
        label={t("field.name")}
        help={t("apikeys.nameHelp")}
        autoFocus
        maxLength={120}
      />
      <Scopes
        chosen={new Set(form.watch("scopes"))}
        onChange={(chosen) => form.setValue("scopes", [...chosen], { shouldValidate: form.formState.isSubmitted })}
        error={wrong && sayProblem(wrong)}
      />
      <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
        <SelectField form={form} name="level" label={t("apikeys.reach")} help={t("apikeys.reachHelp")}>
          <option value="all">{t("apikeys.reachAll")}</option>
          <option value="team">{t("apikeys.reachTeam")}</option>
        </SelectField>
        <div className="flex flex-col gap-2">
          <SelectField form={form} name="ends" label={t("apikeys.expiry")}>
            {(["30", "90", "365"] as const).map((days) => (
              <option key={days} value={days}>
                {t("apikeys.inDays", { count: Number(days) })}
              </option>
            ))}
            <option value="date">{t("apikeys.onDate")}</option>
            <option value="never">{t("apikeys.never")}</option>
          </SelectField>
          {ends === "date" && <TextField form={form} name="date" type="date" label={t("apikeys.lastDay")} />}
        </div>
      </div>
      <TextField
        form={form}
        name="addresses"
        label={t("apikeys.networks")}
        help={t("apikeys.networksHelp")}
        placeholder="192.0.2.0/24"
        optional
        dir="ltr"
      />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("apikeys.create")}
        </Button>
      </footer>
    </form>
  );
}
