import { useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { CalendarDays, FileText, Hammer, Mail, MessageSquareText, Star } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { useFormActions } from "./data";
import { TEMPLATES, type Template } from "./templates";

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(200, "too_long")),
});
const ICON: Record<Template["id"], ReactNode> = {
  blank: <FileText />,
  contact: <MessageSquareText />,
  quote: <Hammer />,
  booking: <CalendarDays />,
  feedback: <Star />,
  newsletter: <Mail />,
};

export function NewForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} title={t("forms.create")} lead={t("forms.createLead")} wide>
      <Begin onClose={onClose} />
    </Dialog>
  );
}

function Begin({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const group = useId();
  const [chosen, setChosen] = useState<Template["id"]>("contact");
  const { create } = useFormActions();
  const word = (key: string) => t(`forms.template.word.${key}` as "forms.template.word.name");
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: { name: "" },
    submit: async ({ name }) => {
      const template = TEMPLATES.find(({ id }) => id === chosen) ?? TEMPLATES[0];
      const made = await create.mutateAsync({ name, draft: template?.draft(word) as never });
      await navigate({ to: "/forms/$id", params: { id: made.id } });
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      {trouble}
      <TextField
        form={form}
        name="name"
        label={t("forms.nameLabel")}
        help={t("forms.nameHelp")}
        autoFocus
        maxLength={200}
      />
      <fieldset>
        <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("forms.beginWith")}</legend>
        <div className="grid grid-cols-2 gap-2 max-sm:grid-cols-1 md:grid-cols-3">
          {TEMPLATES.map(({ id }) => (
            <label
              key={id}
              className={clsx(
                "flex cursor-pointer flex-col gap-1 rounded-[12px] border p-3 text-sm has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2",
                chosen === id ? "border-accent-line bg-selected" : "border-line-2 hover:border-control hover:bg-hover",
              )}
            >
              <input
                type="radio"
                name={group}
                value={id}
                checked={chosen === id}
                onChange={() => setChosen(id)}
                className="sr-only"
              />
              <span className="flex items-center gap-2 font-[570] [&_svg]:size-4 [&_svg]:text-accent-text">
                {ICON[id]}
                {t(`forms.template.${id}`)}
              </span>
              <span className="text-cap text-muted">{t(`forms.template.${id}Text`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <footer className="flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("forms.createButton")}
        </Button>
      </footer>
    </form>
  );
}
