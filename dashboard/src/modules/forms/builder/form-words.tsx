import { useTranslation } from "react-i18next";
import { Segments } from "@/ui/segments";
import { useDraft } from "./context";
import { AreaInput, TextInput } from "./inputs";
import type { Definition } from "./model";
import { sayOpen } from "./problem-list";

/** What the form says above its fields, on its last button and in the end. */
export function FormWords() {
  const { t } = useTranslation();
  const { editor, draft, state } = useDraft();
  const set = (change: Partial<Definition>, what: string) =>
    editor.edit((now) => ({ ...now, ...change }), `form.${what}`);
  const problem = (name: string) => {
    const found = state.problems.find(({ spot }) => spot.kind === "outcome" && spot.property === name);
    return found && sayOpen(found);
  };
  const outcome = draft.outcome ?? { kind: "message" as const };
  return (
    <div className="flex flex-col gap-4">
      <TextInput
        label={t("forms.titleLabel")}
        optional
        value={draft.title ?? ""}
        onChange={(title) => set({ title: title || undefined }, "title")}
      />
      <AreaInput
        label={t("forms.descriptionLabel")}
        optional
        value={draft.description ?? ""}
        onChange={(description) => set({ description: description || undefined }, "description")}
      />
      <TextInput
        label={t("forms.submitLabel")}
        optional
        maxLength={100}
        value={draft.submit_label ?? ""}
        onChange={(label) => set({ submit_label: label || undefined }, "submit")}
      />
      <hr className="border-line" />
      <section className="flex flex-col gap-3">
        <h3 className="snug text-sm font-semibold">{t("forms.outcome.title")}</h3>
        <Segments
          label={t("forms.outcome.title")}
          value={outcome.kind}
          onChange={(kind) =>
            editor.edit((now) => ({ ...now, outcome: kind === "message" ? { kind } : { kind, url: "https://" } }))
          }
          options={[
            { value: "message", label: t("forms.outcome.message") },
            { value: "redirect", label: t("forms.outcome.redirect") },
          ]}
        />
        {outcome.kind === "message" ? (
          <>
            <TextInput
              label={t("forms.outcome.heading")}
              optional
              value={outcome.title ?? ""}
              onChange={(title) => set({ outcome: { ...outcome, title: title || undefined } }, "thanks")}
            />
            <AreaInput
              label={t("forms.outcome.text")}
              optional
              value={outcome.body ?? ""}
              onChange={(body) => set({ outcome: { ...outcome, body: body || undefined } }, "thanksText")}
            />
          </>
        ) : (
          <TextInput
            label={t("forms.outcome.url")}
            help={t("forms.outcome.urlHelp")}
            type="url"
            dir="ltr"
            value={outcome.url}
            onChange={(url) => set({ outcome: { ...outcome, url } }, "url")}
            error={problem("url")}
          />
        )}
      </section>
    </div>
  );
}
