import { ArrowLeft, ArrowRight, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { useDraft } from "./context";
import { TextInput } from "./inputs";
import { changeStep, moveStep, removeStep } from "./model";
import { sayOpen } from "./problem-list";

export function StepSettings({ step }: { step: number }) {
  const { t } = useTranslation();
  const { editor, draft, state } = useDraft();
  const here = draft.steps[step];
  if (!here) return null;
  const open = state.problems.filter(({ spot }) => spot.kind === "step" && spot.step === step);
  const move = (by: 1 | -1) => {
    editor.edit((now) => moveStep(now, step, by));
    editor.select({ kind: "step", step: step + by });
  };
  return (
    <div className="flex flex-col gap-4">
      <TextInput
        label={t("forms.stepTitle")}
        help={draft.steps.length === 1 ? t("forms.stepTitleAlone") : undefined}
        optional
        value={here.title ?? ""}
        maxLength={200}
        onChange={(title) => editor.edit((now) => changeStep(now, step, title), `step.${here.key}`)}
      />
      {open.map((problem, index) => (
        <p key={index} className="text-cap text-danger-text">
          {sayOpen(problem)}
        </p>
      ))}
      {draft.steps.length > 1 && (
        <div className="flex flex-wrap gap-2">
          <Button
            size="small"
            icon={<ArrowLeft className="rtl:-scale-x-100" />}
            disabled={step === 0}
            onClick={() => move(-1)}
          >
            {t("forms.stepEarlier")}
          </Button>
          <Button
            size="small"
            icon={<ArrowRight className="rtl:-scale-x-100" />}
            disabled={step === draft.steps.length - 1}
            onClick={() => move(1)}
          >
            {t("forms.stepLater")}
          </Button>
          <Button
            size="small"
            look="ghost"
            icon={<Trash2 />}
            onClick={() => {
              editor.edit((now) => removeStep(now, step));
              editor.select({ kind: "step", step: Math.max(0, step - 1) });
            }}
          >
            {t("forms.removeStep", { count: here.fields.length })}
          </Button>
        </div>
      )}
    </div>
  );
}
