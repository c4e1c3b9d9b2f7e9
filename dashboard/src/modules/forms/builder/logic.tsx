import { Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";
import { useDraft } from "./context";
import { allFields, type Rule } from "./model";
import { sayOpen } from "./problem-list";
import { RuleSentence } from "./rule-cards";
import { RuleDialog } from "./rule-dialog";
import { freshRule } from "./rules";
import { useSay } from "./say";
import { plain, sentence } from "./sentences";
import { Sorted } from "./sorted";

/** Every rule of the form in the order in which they count: a later one wins. */
export function Logic() {
  const { t } = useTranslation();
  const say = useSay();
  const { editor, draft, state } = useDraft();
  const [editing, setEditing] = useState<{ index: number; rule: Rule }>();
  const rules = draft.rules ?? [];
  const makes = allFields(draft).length > 1;
  const add = makes && (
    <Button look="primary" icon={<Plus />} onClick={() => setEditing({ index: rules.length, rule: freshRule(draft) })}>
      {t("forms.addRule")}
    </Button>
  );
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 py-6 md:px-7">
      <div className="mx-auto max-w-[760px]">
        <Panel
          title={t("forms.tab.logic")}
          note={rules.length > 1 ? t("forms.laterWins") : undefined}
          more={rules.length > 0 && add}
        >
          {rules.length === 0 ? (
            <Empty title={t("forms.noRulesTitle")} actions={add}>
              {t(makes ? "forms.noRulesText" : "forms.noFieldsForRules")}
            </Empty>
          ) : (
            <Sorted
              ids={rules.map((_, index) => String(index))}
              nameOf={(id) => {
                const rule = rules[Number(id)];
                return rule ? plain(sentence(draft, rule, say)) : id;
              }}
              onMove={(from, to) =>
                editor.edit((now) => {
                  const all = now.rules ?? [];
                  const one = all[from];
                  return one ? { ...now, rules: all.toSpliced(from, 1).toSpliced(to, 0, one) } : now;
                })
              }
            >
              {(id, grip) => {
                const index = Number(id);
                const rule = rules[index];
                const open = state.problems.find(({ spot }) => spot.kind === "rule" && spot.rule === index);
                if (!rule) return null;
                return (
                  <div className="flex items-start gap-1 border-line border-b py-2.5">
                    {grip}
                    <div className="min-w-0 flex-1 pt-0.5">
                      <RuleSentence tokens={sentence(draft, rule, say)} />
                      {open && <p className="text-cap text-danger-text">{sayOpen(open)}</p>}
                    </div>
                    <Button size="small" look="ghost" icon={<Pencil />} onClick={() => setEditing({ index, rule })}>
                      <span className="max-sm:sr-only">{t("forms.editRule")}</span>
                      <span className="sr-only"> {index + 1}</span>
                    </Button>
                  </div>
                );
              }}
            </Sorted>
          )}
        </Panel>
      </div>
      {editing && <RuleDialog {...editing} onClose={() => setEditing(undefined)} />}
    </div>
  );
}
