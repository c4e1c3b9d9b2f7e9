import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Trajectory } from "@/sky/Trajectory/Trajectory";
import { useCanvasActions } from "./actions";
import { useDraft } from "./context";
import { plain, saysCondition } from "./sentences";
import { useSay } from "./say";

/** The steps as a trajectory whose goal is what visitors get in the end; jumps are transfers over the steps they skip. */
export function Steps() {
  const { t } = useTranslation();
  const say = useSay();
  const { editor, draft, selected } = useDraft();
  const { step } = useCanvasActions();
  const goal = selected.kind === "form";
  const steps = useMemo(
    () => [
      ...draft.steps.map(({ key, title, fields }, index) => ({
        id: key,
        label: title || t("forms.stepNumber", { n: index + 1 }),
        note: t("forms.fieldCount", { count: fields.length }),
        state: goal || index < step ? ("done" as const) : index === step ? ("current" as const) : ("next" as const),
      })),
      {
        id: "end",
        label:
          draft.outcome?.kind === "redirect"
            ? t("forms.outcome.redirect")
            : draft.outcome?.title || t("forms.outcome.thanks"),
        state: goal ? ("current" as const) : ("next" as const),
      },
    ],
    [draft, step, goal, t],
  );
  const skips = useMemo(
    () =>
      (draft.rules ?? []).flatMap((rule) =>
        rule.then.flatMap((action) =>
          action.action === "jump"
            ? [
                {
                  from: action.from,
                  to: action.target,
                  label: t("forms.ifSo", { condition: plain(saysCondition(draft, rule.when, say)) }),
                },
              ]
            : [],
        ),
      ),
    [draft, say, t],
  );
  const choose = (id: string) => {
    const index = draft.steps.findIndex(({ key }) => key === id);
    editor.select(index >= 0 ? { kind: "step", step: index } : { kind: "form" });
  };
  return (
    <div className="sticky top-0 z-3 bg-linear-to-b from-void from-88% to-transparent pt-1 pb-2">
      <Trajectory label={t("forms.steps")} steps={steps} skips={skips} onSelect={choose} />
    </div>
  );
}
