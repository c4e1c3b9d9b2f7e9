import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { say } from "@/ui/toast";

const schema = z.object({
  host: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(1000, "too_long")),
});

export function AddDomain({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} title={t("domains.add")} lead={t("domains.addLead")}>
      <Form onClose={onClose} />
    </Dialog>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: { host: "" },
    codes: { domain_exists: "host", domain_taken: "host", domain_count: "host", plan_limit: "host" },
    submit: async ({ host }) => {
      const made = await ok(api.POST("/v1/domains", { body: { host } }));
      void cache.invalidateQueries({ queryKey: ["domains"] });
      say(t("domains.added", { host: made.host }));
      onClose();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <TextField
        form={form}
        name="host"
        label={t("domains.host")}
        help={t("domains.hostHelp")}
        placeholder="crm.agency.com"
        dir="ltr"
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
      />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("domains.add")}
        </Button>
      </footer>
    </form>
  );
}
