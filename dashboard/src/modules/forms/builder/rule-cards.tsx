import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { useDraft } from "./context";
import { type Rule, rulesAbout } from "./model";
import { sayOpen } from "./problem-list";
import { RuleDialog } from "./rule-dialog";
import { useSay } from "./say";
import { sentence, type Token } from "./sentences";
import { freshRule } from "./rules";

/** A rule as a sentence with chips; a press opens it. */
export function RuleSentence({ tokens }: { tokens: readonly Token[] }) {
  return (
    <span className="text-[13px] leading-[1.9] text-ink-2">
      {tokens.map(({ text, chip, lost }, index) =>
        chip ? (
          <bdi
            key={index}
            className={
              lost
                ? "rounded-chip bg-danger-soft px-1.5 py-0.5 font-[570] text-danger-text line-through"
                : "rounded-chip bg-accent-soft px-1.5 py-0.5 font-[570] text-accent-text box-decoration-clone"
            }
          >
            {text}
          </bdi>
        ) : (
          <span key={index}>{text}</span>
        ),
      )}
    </span>
  );
}

/** Rules that have to do with one field, and a way to make another. */
export function RuleCards({ about }: { about: string }) {
  const { t } = useTranslation();
  const { draft, state } = useDraft();
  const say = useSay();
  const [editing, setEditing] = useState<{ index: number; rule: Rule }>();
  const rules = rulesAbout(draft, about);
  return (
    <div className="flex flex-col gap-2">
      {rules.length === 0 && <p className="text-sm text-muted">{t("forms.noRules")}</p>}
      {rules.map(({ rule, index }) => {
        const open = state.problems.find(({ spot }) => spot.kind === "rule" && spot.rule === index);
        return (
          <button
            key={index}
            type="button"
            onClick={() => setEditing({ index, rule })}
            className="rounded-[12px] border border-line bg-surface px-3 py-2 text-start shadow-1 hover:border-control hover:bg-hover"
          >
            <RuleSentence tokens={sentence(draft, rule, say)} />
            {open && <span className="block text-cap text-danger-text">{sayOpen(open)}</span>}
          </button>
        );
      })}
      <Button
        size="small"
        look="ghost"
        icon={<Plus />}
        className="self-start"
        onClick={() => setEditing({ index: (draft.rules ?? []).length, rule: freshRule(draft, about) })}
      >
        {t("forms.addRule")}
      </Button>
      {editing && <RuleDialog {...editing} onClose={() => setEditing(undefined)} />}
    </div>
  );
}
