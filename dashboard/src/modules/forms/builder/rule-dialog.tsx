import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { useDraft } from "./context";
import { type Definition, type Rule, changeField } from "./model";
import { RuleSentence } from "./rule-cards";
import { Actions, GroupEditor } from "./rule-editor";
import { conditionOf, groupOf, hiddenFor } from "./rules";
import { useSay } from "./say";
import { sentence } from "./sentences";

/** One rule: the sentence above, its parts below. It is part of the form once it is kept. */
export function RuleDialog({ index, rule: given, onClose }: { index: number; rule: Rule; onClose: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const { editor, draft } = useDraft();
  const [rule, setRule] = useState<Rule>({ ...given, when: conditionOf(groupOf(given.when)) });
  const known = index < (draft.rules ?? []).length;
  const save = () => {
    editor.edit((now) => {
      const rules = [...(now.rules ?? [])];
      rules[index] = rule;
      const hide = hiddenFor(now, rule);
      const next: Definition = { ...now, rules };
      return hide.reduce((all, key) => changeField(all, key, { hidden: true }), next);
    });
    onClose();
  };
  const remove = () => {
    editor.edit((now) => ({ ...now, rules: (now.rules ?? []).filter((_, at) => at !== index) }));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={t(known ? "forms.ruleNumber" : "forms.addRule", { n: index + 1 })} wide>
      <div className="flex flex-col gap-5">
        <p aria-live="polite" className="rounded-[12px] border border-line bg-surface px-3.5 py-2.5">
          <RuleSentence tokens={sentence(draft, rule, say)} />
        </p>
        <section aria-labelledby="rule-when">
          <h3 id="rule-when" className="snug mb-2 text-sm font-semibold">
            {t("forms.rule.when")}
          </h3>
          <GroupEditor
            condition={rule.when}
            depth={0}
            onChange={(when) => setRule((old) => ({ ...old, when }))}
            draft={draft}
          />
        </section>
        <section aria-labelledby="rule-then">
          <h3 id="rule-then" className="snug mb-2 text-sm font-semibold">
            {t("forms.rule.then")}
          </h3>
          <Actions draft={draft} actions={rule.then} onChange={(then) => setRule((old) => ({ ...old, then }))} />
        </section>
        <footer className="flex justify-end gap-2">
          {known && (
            <Button look="ghost" icon={<Trash2 />} onClick={remove} className="me-auto">
              {t("forms.removeRule")}
            </Button>
          )}
          <Button look="ghost" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button look="primary" onClick={save} disabled={rule.then.length === 0}>
            {t("forms.keepRule")}
          </Button>
        </footer>
      </div>
    </Dialog>
  );
}
