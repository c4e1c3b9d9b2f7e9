import { useQuery, useQueryClient } from "@tanstack/react-query";
import { LogIn } from "lucide-react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { say } from "@/ui/toast";
import { fragmentOf } from "@/app/handover";
import { type Admin, admin, current, ok } from "./api";

const schema = z.object({
  reason: z.string().check(z.trim(), z.minLength(10, "reason_short"), z.maxLength(1000, "too_long")),
  member: z.string(),
  mode: z.string(),
  minutes: z.string(),
});

/**
 * Into an account in somebody's place. It goes on in a tab of its own, on the console of agencies and clients; the token
 * travels in the part of the address that no server sees, and that page takes it out of the address at once.
 */
export function Impersonate({ account: one, onClose }: { account: Admin["Account"]; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const who = useQuery(current).data;
  const people = useQuery({
    queryKey: ["admin", "accounts", "members", one.id],
    queryFn: ({ signal }) => ok(admin.GET("/v1/accounts/{id}/members", { params: { path: { id: one.id } }, signal })),
  });
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema,
    defaults: { reason: "", member: "", mode: "look", minutes: "30" },
    submit: async ({ reason, member, mode, minutes }) => {
      const body = {
        tenant: one.id,
        reason,
        minutes: Number(minutes),
        may_act: mode === "act",
        ...(member && { member }),
      };
      // Opened by the press, before the answer: a browser would take a later one for a pop-up nobody asked for.
      const tab = window.open("about:blank", "_blank");
      try {
        const started = await ok(admin.POST("/v1/impersonations", { body }));
        const to = `${who?.console_url}/enter${fragmentOf({ started, place: one.name, by: "platform" })}`;
        if (tab) {
          tab.opener = null;
          tab.location.replace(to);
        } else location.assign(to);
      } catch (error) {
        tab?.close();
        throw error;
      }
      await cache.invalidateQueries({ queryKey: ["admin", "impersonations"] });
      say(t("admin.entered", { name: one.name }));
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("admin.enterTitle", { name: one.name })}
      lead={one.kind === "agency" ? t("admin.enterAgencyLead") : t("admin.enterLead")}
    >
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        {trouble}
        <SelectField form={form} name="mode" label={t("admin.mode")}>
          <option value="look">{t("admin.look")}</option>
          <option value="act">{t("admin.act")}</option>
        </SelectField>
        <SelectField form={form} name="member" label={t("admin.inPlaceOf")}>
          <option value="">{t("admin.wholeAccount")}</option>
          {(people.data ?? []).map((member) => (
            <option key={member.user_id} value={member.user_id}>
              {member.name} ({member.email})
            </option>
          ))}
        </SelectField>
        <SelectField form={form} name="minutes" label={t("admin.howLong")}>
          {[15, 30, 60].map((count) => (
            <option key={count} value={count}>
              {t("admin.minutes", { count })}
            </option>
          ))}
        </SelectField>
        <TextField
          form={form}
          name="reason"
          label={t("admin.reason")}
          help={t("admin.reasonRead")}
          autoFocus
          autoComplete="off"
          maxLength={1000}
        />
        <footer className="mt-1 flex justify-end gap-2">
          <Button look="ghost" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" look="sun" icon={<LogIn />} busy={busy} disabled={waiting > 0 || !who}>
            {t("admin.enter")}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
