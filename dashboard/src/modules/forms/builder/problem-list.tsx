import { useNavigate } from "@tanstack/react-router";
import i18next from "i18next";
import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sayProblem } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Popover } from "@/ui/popover";
import { useDraft } from "./context";
import { allFields, type Definition } from "./model";
import type { Placed, Spot } from "./problems";
import { nameOf } from "./sentences";

/** How many things are open before the draft can be published, and the way to each. */
export function Problems() {
  const { t } = useTranslation();
  const { state, draft } = useDraft();
  const goTo = useGoTo();
  const [open, setOpen] = useState(false);
  const { problems } = state;
  if (problems.length === 0) return null;
  return (
    <Popover
      label={t("forms.toFinish", { count: problems.length })}
      open={open}
      onOpenChange={setOpen}
      className="w-80 p-2"
      trigger={
        <Button look="ghost" className="text-warning-text! [&_svg]:text-warning-text! max-md:px-2!">
          <CircleAlert aria-hidden="true" />
          <span className="max-xl:sr-only">{t("forms.toFinish", { count: problems.length })}</span>
          <span aria-hidden="true" className="xl:hidden">
            {problems.length}
          </span>
        </Button>
      }
    >
      <p className="px-2.5 pt-1.5 pb-2 text-cap text-muted">{t("forms.toFinishText")}</p>
      <ul className="max-h-80 overflow-y-auto">
        {problems.map((problem, index) => (
          <li key={index}>
            <button
              type="button"
              onClick={() => {
                setOpen(false);
                goTo(problem.spot);
              }}
              className="flex min-h-[34px] w-full flex-col rounded-[8px] px-2.5 py-1.5 text-start text-[13.5px] hover:bg-hover coarse:min-h-11"
            >
              <b className="font-[570]">
                <SpotName spot={problem.spot} draft={draft} />
              </b>
              <span className="text-muted">{sayOpen(problem)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Popover>
  );
}

/** What is open, in the reader's words; the server's where nobody translated it. */
export function sayOpen({ spot, code, detail }: Pick<Placed, "code" | "detail"> & { spot?: Spot }): string {
  const property =
    spot?.kind === "rule"
      ? (spot.part?.kind ?? "")
      : spot?.kind === "setting"
        ? spot.name
        : spot && "property" in spot
          ? spot.property
          : "";
  const exact = [`forms.problem.${property}_${code}`, `forms.problem.${code}`].find((key) => i18next.exists(key));
  return exact ? i18next.t(exact as "forms.problem.key") : sayProblem(code, detail);
}

function SpotName({ spot, draft }: { spot: Spot; draft: Definition }) {
  const { t } = useTranslation();
  if (spot.kind === "field") {
    const field = allFields(draft).find(({ key }) => key === spot.key);
    return <bdi>{field ? nameOf(field) : spot.key}</bdi>;
  }
  if (spot.kind === "step")
    return <bdi>{draft.steps[spot.step]?.title || t("forms.stepNumber", { n: spot.step + 1 })}</bdi>;
  if (spot.kind === "rule") return t("forms.ruleNumber", { n: spot.rule + 1 });
  if (spot.kind === "outcome") return t("forms.outcome.title");
  if (spot.kind === "setting") return t("forms.tab.settings");
  return t("forms.one");
}

/** Leads to where something can be put right. */
export function useGoTo(): (spot: Spot) => void {
  const { editor, state } = useDraft();
  const navigate = useNavigate();
  return (spot) => {
    const tab = spot.kind === "rule" ? "logic" : spot.kind === "setting" ? "settings" : undefined;
    void navigate({ to: "/forms/$id", params: { id: state.form.id }, search: { tab } });
    if (spot.kind === "field") editor.select({ kind: "field", step: spot.step, key: spot.key });
    else if (spot.kind === "step") editor.select({ kind: "step", step: spot.step });
    else if (spot.kind === "outcome" || spot.kind === "form") editor.select({ kind: "form" });
  };
}
