import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/ui/button";
import { inputHeight, inputLook } from "@/ui/input-look";
import { useDraft } from "./context";
import type { FieldChange } from "./field-settings";
import { type Field, keyOf, rulesAbout, unique } from "./model";
import { sayOpen } from "./problem-list";
import type { Placed } from "./problems";
import { Sorted } from "./sorted";

type Option = NonNullable<Field["options"]>[number];

const MADE = /^option_\d+$/;

/** The choices of a field, in the order in which visitors see them. What is stored is made of the first words and then stays. */
export function Options({ field, set, open }: { field: Field; set: FieldChange; open: ReadonlyMap<string, Placed> }) {
  const { t } = useTranslation();
  const { draft } = useDraft();
  const options = field.options ?? [];
  const values = new Set(options.map(({ value }) => value));
  const put = (next: Option[], what?: string) => set({ options: next }, what);
  const empty = open.get("options");
  const add = (after = options.length - 1) => {
    const value = unique(`option_${options.length + 1}`, values);
    put(options.toSpliced(after + 1, 0, { value, label: "" }));
    requestAnimationFrame(() => document.getElementById(`option-${after + 1}`)?.focus());
  };
  const relabel = (index: number, label: string) => {
    const old = options[index];
    if (old) put(options.with(index, { ...old, label }), `option-${index}`);
  };
  /** A value made by us becomes one that can be read, once the words are written and nothing knows it yet. */
  const settle = (index: number) => {
    const one = options[index];
    if (!one || !MADE.test(one.value) || rulesAbout(draft, field.key).length > 0 || field.default !== undefined) return;
    const others = new Set(options.filter((_, at) => at !== index).map(({ value }) => value));
    const value = unique(keyOf(one.label, one.value), others);
    if (value !== one.value) put(options.with(index, { ...one, value }), `option-${index}`);
  };
  const remove = (index: number) => {
    put(options.toSpliced(index, 1));
    requestAnimationFrame(() => document.getElementById(`option-${Math.max(0, index - 1)}`)?.focus());
  };
  return (
    <fieldset>
      <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("forms.options")}</legend>
      <Sorted
        ids={options.map((_, index) => String(index))}
        onMove={(from, to) => {
          const one = options[from];
          if (one) put(options.toSpliced(from, 1).toSpliced(to, 0, one));
        }}
        nameOf={(id) => options[Number(id)]?.label || t("forms.optionNumber", { n: Number(id) + 1 })}
      >
        {(id, grip) => {
          const index = Number(id);
          const problem = open.get(`options/${index}`);
          return (
            <span className="mb-1.5 block">
              <span className="flex items-center gap-0.5">
                {grip}
                <input
                  id={`option-${index}`}
                  value={options[index]?.label ?? ""}
                  maxLength={500}
                  dir="auto"
                  aria-label={t("forms.optionNumber", { n: index + 1 })}
                  aria-invalid={problem ? true : undefined}
                  onChange={(event) => relabel(index, event.target.value)}
                  onBlur={() => settle(index)}
                  onKeyDown={(event) => {
                    if (event.key === "Enter") {
                      event.preventDefault();
                      add(index);
                    } else if (event.key === "Backspace" && event.currentTarget.value === "" && options.length > 1) {
                      event.preventDefault();
                      remove(index);
                    }
                  }}
                  className={`${inputLook} ${inputHeight}`}
                />
                <IconButton
                  label={t("forms.removeOption", { option: options[index]?.label || index + 1 })}
                  onClick={() => remove(index)}
                  className="size-8! [&_svg]:size-3.5!"
                >
                  <X />
                </IconButton>
              </span>
              {problem && <span className="ms-8 block text-cap text-danger-text">{sayOpen(problem)}</span>}
            </span>
          );
        }}
      </Sorted>
      {empty && <p className="mb-1 text-cap text-danger-text">{sayOpen(empty)}</p>}
      <Button size="small" look="ghost" icon={<Plus />} onClick={() => add()}>
        {t("forms.addOption")}
      </Button>
    </fieldset>
  );
}
