import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { ApiProblem } from "@/api/problem";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { Segments } from "@/ui/segments";
import { AUDIENCES, type Audience } from "./data";

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(60, "too_long")),
  audience: z.enum(AUDIENCES),
});
export type ViewName = z.infer<typeof schema>;

/** Asks for a name, and who shall have it. */
export function SaveDialog(props: {
  open: boolean;
  title: string;
  before: ViewName;
  onClose: () => void;
  onSave: (name: ViewName) => Promise<unknown>;
}) {
  return (
    <Dialog open={props.open} onClose={props.onClose} title={props.title}>
      <Form {...props} />
    </Dialog>
  );
}

function Form({ before, onClose, onSave }: Parameters<typeof SaveDialog>[0]) {
  const { t } = useTranslation();
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: before,
    codes: { view_name_taken: "name" },
    submit: async (values) => {
      try {
        await onSave(values);
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 412)
          throw new ApiProblem(412, error.code, t("error.changedElsewhere"), [], error.requestId);
        throw error;
      }
      onClose();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      {trouble}
      <TextField form={form} name="name" label={t("views.name")} autoFocus maxLength={60} dir="auto" />
      <Segments<Audience>
        label={t("views.audience")}
        value={form.watch("audience")}
        onChange={(audience) => form.setValue("audience", audience, { shouldDirty: true })}
        options={AUDIENCES.map((value) => ({ value, label: t(`views.who.${value}`) }))}
      />
      <footer className="flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("action.save")}
        </Button>
      </footer>
    </form>
  );
}
