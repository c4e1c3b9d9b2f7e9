import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, type Schema } from "@/api/client";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { say } from "@/ui/toast";
import { useAllow } from "../widgets/data";
import type { Kind } from "./data";

const schema = z.object({
  origin: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(1000, "too_long")),
  kind: z.enum(["auto", "ancestor_only"]),
  widget: z.string(),
});

export function AddOrigin({
  open,
  onClose,
  names,
}: {
  open: boolean;
  onClose: () => void;
  names: Map<string, string>;
}) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} title={t("widgets.origins.add")} lead={t("widgets.origins.addLead")}>
      <Form onClose={onClose} names={names} />
    </Dialog>
  );
}

function Form({ onClose, names }: { onClose: () => void; names: Map<string, string> }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [added, setAdded] = useState<Schema["AddedOrigin"]>();
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: { origin: "", kind: "auto", widget: "" },
    fields: { "/widget_id": "widget" },
    codes: { origin_exists: "origin", origin_count: "origin" },
    submit: async ({ origin, kind, widget }) => {
      const body = { origin, ...(kind !== "auto" && { kind: kind as Kind }), ...(widget && { widget_id: widget }) };
      const made = await ok(api.POST("/v1/origins", { body }));
      void cache.invalidateQueries({ queryKey: ["origins"] });
      void cache.invalidateQueries({ queryKey: ["widgets"] });
      say(t("widgets.allowed", { website: made.origin }));
      if (made.suggestion) setAdded(made);
      else onClose();
    },
  });
  if (added?.suggestion) return <Suggested added={added} onClose={onClose} />;
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <TextField
        form={form}
        name="origin"
        label={t("widgets.origins.address")}
        help={t("widgets.origins.addressHelp")}
        placeholder="www.example.com"
        dir="ltr"
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
      />
      <SelectField form={form} name="kind" label={t("widgets.origins.may")}>
        <option value="auto">{t("widgets.origins.mayShow")}</option>
        <option value="ancestor_only">{t("widgets.origins.mayFrame")}</option>
      </SelectField>
      {names.size > 0 && (
        <SelectField form={form} name="widget" label={t("widgets.origins.which")}>
          <option value="">{t("widgets.origins.forAll")}</option>
          {[...names].map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("widgets.allow")}
        </Button>
      </footer>
    </form>
  );
}

/** The same website with or without www: most visitors come by one, some by the other. */
function Suggested({ added, onClose }: { added: Schema["AddedOrigin"]; onClose: () => void }) {
  const { t } = useTranslation();
  const allow = useAllow();
  const origin = added.suggestion ?? "";
  return (
    <div className="flex flex-col gap-3.5">
      <p className="text-sm">{t("widgets.suggestion", { website: origin })}</p>
      <footer className="flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("widgets.origins.notThis")}
        </Button>
        <Button
          look="primary"
          busy={allow.isPending}
          onClick={() =>
            allow.mutate({ origin, ...(added.widget_id && { widget_id: added.widget_id }) }, { onSuccess: onClose })
          }
        >
          {t("widgets.origins.allowToo")}
        </Button>
      </footer>
    </div>
  );
}
