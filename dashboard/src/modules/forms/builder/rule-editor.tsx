import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/ui/button";
import { NumberInput, SelectInput, TextInput } from "./inputs";
import { type Action, allFields, type Condition, type Definition, type Field } from "./model";
import { actionOf, asked, conditionOf, groupOf, isGroup, laterSteps, type Op, opsOf, type Test, testOf } from "./rules";
import { nameOf } from "./sentences";

/** Deeper than this the server refuses. */
const DEEPEST = 7;

interface Part<T> {
  draft: Definition;
  onChange: (next: T) => void;
}

/** All, any or none of some comparisons; a part may be a group again. */
export function GroupEditor({
  condition,
  depth,
  onChange,
  draft,
}: Part<Condition> & { condition: Condition; depth: number }) {
  const { t } = useTranslation();
  const group = groupOf(condition);
  const put = (parts: Condition[]) => onChange(conditionOf({ ...group, parts }));
  const first = asked(draft)[0];
  const fresh = (): Test => testOf(first, opsOf(first)[0] ?? "filled");
  return (
    <div className={depth > 0 ? "rounded-[12px] border border-line p-2.5" : undefined}>
      {(group.parts.length > 1 || group.kind !== "all" || depth > 0) && (
        <SelectInput
          hideLabel
          label={t("forms.rule.which")}
          className="mb-2 w-56"
          value={group.kind}
          onChange={(kind) => onChange(conditionOf({ ...group, kind }))}
          options={(["all", "any", "none"] as const).map((value) => ({ value, label: t(`forms.rule.${value}`) }))}
        />
      )}
      <ul className="flex flex-col gap-2">
        {group.parts.map((part, index) => (
          <li key={index} className="flex items-start gap-1">
            <div className="min-w-0 flex-1">
              {isGroup(part) ? (
                <GroupEditor
                  condition={part}
                  depth={depth + 1}
                  onChange={(next) => put(group.parts.with(index, next))}
                  draft={draft}
                />
              ) : (
                <TestEditor test={part as Test} onChange={(next) => put(group.parts.with(index, next))} draft={draft} />
              )}
            </div>
            {(group.parts.length > 1 || depth > 0) && (
              <IconButton
                label={t("forms.rule.removePart", { n: index + 1 })}
                onClick={() => put(group.parts.toSpliced(index, 1))}
                className="size-9! [&_svg]:size-3.5!"
              >
                <X />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      <div className="mt-2 flex gap-1">
        <Button size="small" look="ghost" icon={<Plus />} onClick={() => put([...group.parts, fresh()])}>
          {t("forms.rule.addPart")}
        </Button>
        {depth < DEEPEST - 1 && group.parts.length > 0 && (
          <Button size="small" look="ghost" icon={<Plus />} onClick={() => put([...group.parts, { any: [fresh()] }])}>
            {t("forms.rule.addGroup")}
          </Button>
        )}
      </div>
    </div>
  );
}

function TestEditor({ test, onChange, draft }: Part<Condition> & { test: Test }) {
  const { t } = useTranslation();
  const fields = asked(draft);
  const field = fields.find(({ key }) => key === test.field);
  const ops = opsOf(field);
  const known = fields.map((one) => ({ value: one.key, label: nameOf(one) }));
  return (
    <div className="grid grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)_minmax(0,1.2fr)] gap-1.5 max-sm:grid-cols-1">
      <SelectInput
        hideLabel
        label={t("forms.rule.field")}
        value={test.field}
        onChange={(key) => {
          const next = fields.find((one) => one.key === key);
          const op = opsOf(next).includes(test.op) ? test.op : (opsOf(next)[0] ?? "filled");
          onChange(testOf(next, op));
        }}
        options={field ? known : [{ value: test.field, label: test.field }, ...known]}
      />
      <SelectInput<Op>
        hideLabel
        label={t("forms.rule.op")}
        value={test.op}
        onChange={(op) => onChange(testOf(field, op, test.value))}
        options={[...(ops.includes(test.op) ? [] : [test.op]), ...ops].map((value) => ({
          value,
          label: t(`forms.op.${value}`),
        }))}
      />
      <Value field={field} test={test} onChange={(value) => onChange({ ...test, value })} />
    </div>
  );
}

function Value({
  field,
  test,
  onChange,
}: {
  field: Field | undefined;
  test: Test;
  onChange: (value: unknown) => void;
}) {
  const { t } = useTranslation();
  const label = t("forms.rule.value");
  if (test.op === "filled" || test.op === "empty") return <span />;
  const options = field?.options ?? [];
  if (test.op === "in") {
    const chosen = Array.isArray(test.value) ? (test.value as unknown[]) : [];
    return (
      <fieldset className="max-h-40 overflow-y-auto rounded-control border border-control px-2.5 py-1.5">
        <legend className="sr-only">{label}</legend>
        {options.map((option) => (
          <label key={option.value} className="flex min-h-7 items-center gap-2 text-sm coarse:min-h-11">
            <input
              type="checkbox"
              checked={chosen.includes(option.value)}
              onChange={(event) =>
                onChange(
                  options
                    .map(({ value }) => value)
                    .filter((value) => (value === option.value ? event.target.checked : chosen.includes(value))),
                )
              }
            />
            <bdi className="truncate">{option.label}</bdi>
          </label>
        ))}
      </fieldset>
    );
  }
  if (options.length > 0)
    return (
      <SelectInput
        hideLabel
        label={label}
        value={String(test.value ?? "")}
        onChange={onChange}
        options={[
          ...(options.some(({ value }) => value === test.value)
            ? []
            : [{ value: String(test.value ?? ""), label: String(test.value ?? "…") }]),
          ...options.map(({ value, label: words }) => ({ value, label: words || value })),
        ]}
      />
    );
  if (field?.type === "number" || field?.type === "rating")
    return (
      <NumberInput
        label={<span className="sr-only">{label}</span>}
        className="[&>div]:mb-0 [&>div]:h-0"
        value={typeof test.value === "number" ? test.value : undefined}
        onChange={(value) => onChange(value ?? 0)}
      />
    );
  return (
    <TextInput
      label={<span className="sr-only">{label}</span>}
      className="[&>div]:mb-0 [&>div]:h-0"
      value={typeof test.value === "string" ? test.value : ""}
      placeholder={field?.type === "date" ? "2027-03-14" : undefined}
      onChange={onChange}
    />
  );
}

const KINDS = ["show", "hide", "require", "optional", "jump"] as const;

/** What follows: fields that show, hide or must be answered, and steps that are skipped. */
export function Actions({ draft, actions, onChange }: Part<Action[]> & { actions: readonly Action[] }) {
  const { t } = useTranslation();
  const stepName = (key: string) => {
    if (key === "end") return t("forms.say_rule.end");
    const index = draft.steps.findIndex((step) => step.key === key);
    return draft.steps[index]?.title || t("forms.stepNumber", { n: index + 1 });
  };
  const fields = allFields(draft).filter(({ type }) => type !== "hidden");
  return (
    <div>
      <ul className="flex flex-col gap-2">
        {actions.map((action, index) => {
          const put = (next: Action) => onChange(actions.with(index, next));
          return (
            <li key={index} className="flex items-start gap-1">
              <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)_minmax(0,1.5fr)] gap-1.5 max-sm:grid-cols-1">
                <SelectInput<Action["action"]>
                  hideLabel
                  label={t("forms.rule.what")}
                  value={action.action}
                  onChange={(kind) => put(actionOf(draft, kind, action))}
                  options={KINDS.map((value) => ({ value, label: t(`forms.do.${value}`) }))}
                />
                {action.action === "jump" ? (
                  <div className="grid grid-cols-2 gap-1.5">
                    <SelectInput
                      hideLabel
                      label={t("forms.rule.from")}
                      value={action.from}
                      onChange={(from) => put({ action: "jump", from, target: laterSteps(draft, from)[0] ?? "end" })}
                      options={draft.steps.map(({ key }) => ({
                        value: key,
                        label: t("forms.rule.after", { step: stepName(key) }),
                      }))}
                    />
                    <SelectInput
                      hideLabel
                      label={t("forms.rule.to")}
                      value={action.target}
                      onChange={(target) => put({ ...action, target })}
                      options={laterSteps(draft, action.from).map((value) => ({
                        value,
                        label: t("forms.rule.goTo", { step: stepName(value) }),
                      }))}
                    />
                  </div>
                ) : (
                  <SelectInput
                    hideLabel
                    label={t("forms.rule.field")}
                    value={action.target}
                    onChange={(target) => put({ ...action, target })}
                    options={[
                      ...(fields.some(({ key }) => key === action.target)
                        ? []
                        : [{ value: action.target, label: action.target }]),
                      ...fields.map((one) => ({ value: one.key, label: nameOf(one) })),
                    ]}
                  />
                )}
              </div>
              <IconButton
                label={t("forms.rule.removeAction", { n: index + 1 })}
                onClick={() => onChange(actions.toSpliced(index, 1))}
                className="size-9! [&_svg]:size-3.5!"
              >
                <X />
              </IconButton>
            </li>
          );
        })}
      </ul>
      <Button
        size="small"
        look="ghost"
        icon={<Plus />}
        className="mt-2"
        disabled={fields.length === 0}
        onClick={() =>
          onChange([...actions, actionOf(draft, actions.length === 0 ? "show" : "require", actions.at(-1))])
        }
      >
        {t("forms.rule.addAction")}
      </Button>
    </div>
  );
}
