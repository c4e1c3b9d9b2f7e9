import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { useBased } from "@/ui/merge";
import { Panel } from "@/ui/panel";
import { Switch } from "@/ui/switch";
import { say } from "@/ui/toast";
import { useWidgetChange, type Widget, widget } from "./data";

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(120, "name_invalid")),
  hosted_url: z.string().check(z.trim(), z.maxLength(500, "too_long")),
});
type Values = z.infer<typeof schema>;
const valuesOf = ({ name, hosted_url }: Widget): Values => ({ name, hosted_url: hosted_url ?? "" });

export function WidgetSettings({ widget: item }: { widget: Widget }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const writes = useMay("tenants.widgets.write");
  const { mutate } = useWidgetChange(item.id);
  const { newer, update } = useBased(item, valuesOf);
  const one = widget(item.id);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: valuesOf(item),
    submit: async (values) => {
      const fresh = await update(form, values, {
        send: ({ id, version }, { name, hosted_url }) => {
          const body = { name, hosted_url: hosted_url || null };
          return ok(api.PATCH("/v1/widgets/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));
        },
        read: () => cache.fetchQuery({ ...one, staleTime: 0 }),
      });
      cache.setQueryData(one.queryKey, fresh);
      void cache.invalidateQueries({ queryKey: ["widgets"] });
      form.reset(valuesOf(fresh));
      say(t("action.saved"));
    },
  });
  const say412 = (field: keyof Values, label: string, otherwise?: string) =>
    newer[field] === undefined ? otherwise : t("widgets.newer", { field: label, value: newer[field] });
  return (
    <Panel title={t("widgets.settings")}>
      <form onSubmit={onSubmit} noValidate>
        <fieldset disabled={!writes} className="flex min-w-0 flex-col gap-3.5">
          <TextField
            form={form}
            name="name"
            label={t("field.name")}
            help={say412("name", t("field.name"), t("widgets.nameHelp"))}
            maxLength={120}
          />
          <TextField
            form={form}
            name="hosted_url"
            type="url"
            label={t("widgets.hosted")}
            help={say412("hosted_url", t("widgets.hosted"), t("widgets.hostedHelp"))}
            placeholder="https://"
            dir="ltr"
            optional
          />
          {trouble}
          <Button
            type="submit"
            look="primary"
            busy={busy}
            disabled={!writes || !form.formState.isDirty}
            className="self-end"
          >
            {t("action.save")}
          </Button>
        </fieldset>
      </form>
      <div className="mt-4 border-line border-t pt-3.5">
        <Switch
          label={t("widgets.isolated")}
          checked={item.cross_origin_isolated}
          disabled={!writes}
          onChange={(cross_origin_isolated) => mutate({ cross_origin_isolated })}
        />
        <p className="mt-1 text-cap text-muted">{t("widgets.isolatedHelp")}</p>
      </div>
    </Panel>
  );
}
