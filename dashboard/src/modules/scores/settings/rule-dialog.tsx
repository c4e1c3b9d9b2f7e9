import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Segments as Tabs } from "@/ui/segments";
import { RELATED, type Related, type Rule } from "../../segments/catalogue";
import { type Draft, isWhole, ruleOf, wholeOf } from "../../segments/draft";
import { RuleEditor } from "../../segments/rules";
import type { ScoreRule } from "../data";

/** Records whose rows happened at a moment. */
const RECORDS: readonly Related[] = ["submission", "activity", "deal", "task"];
const NONE: ReadonlyMap<string, string> = new Map();
const look = `${inputLook} ${inputHeight}`;

export function RuleDialog(props: {
  rule: ScoreRule | undefined;
  onClose: () => void;
  onDone: (rule: ScoreRule) => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog
      open={props.rule !== undefined}
      onClose={props.onClose}
      title={props.rule ? t("scores.edit", { name: props.rule.name }) : t("scores.add")}
    >
      {props.rule && <Form key={props.rule.id} rule={props.rule} onDone={props.onDone} />}
    </Dialog>
  );
}

const momentsOf = (record: Related) => RELATED[record].filter(({ kind }) => kind === "day").map(({ name }) => name);
/** Days that are no moments: they say no time at which something happened. */
const PLAIN = ["expected_close", "next_step_on", "due_on"];

/** The conditions of a rule, as they are edited: of a related record they stand in a group of their own. */
const inside = (rule: ScoreRule): Draft => {
  if (rule.kind === "fit") return wholeOf(rule.definition);
  const [only, ...others] = rule.definition.rules ?? [];
  const group = only && others.length === 0 && only.kind !== "field" ? only : undefined;
  return group ? wholeOf(group) : { ...wholeOf({ kind: "all", rules: rule.definition.rules ?? [] }) };
};

const number = (text: string) => (text.trim() === "" ? undefined : Number(text));

function Form({ rule, onDone }: { rule: ScoreRule; onDone: (rule: ScoreRule) => void }) {
  const { t } = useTranslation();
  const ids = {
    name: useId(),
    points: useId(),
    most: useId(),
    half: useId(),
    within: useId(),
    record: useId(),
    moment: useId(),
  };
  const [name, setName] = useState(rule.name);
  const [kind, setKind] = useState(rule.kind);
  const [points, setPoints] = useState(String(rule.points));
  const [most, setMost] = useState(String(rule.most));
  const [half, setHalf] = useState(String(rule.half_life_days ?? ""));
  const [within, setWithin] = useState(String(rule.within_days ?? ""));
  const [record, setRecord] = useState<Related>(rule.definition.record ?? "activity");
  const [moment, setMoment] = useState(rule.moment ?? "");
  const [draft, setDraft] = useState(() => inside(rule));
  const behaviour = kind === "behaviour";
  const empty = behaviour && draft.rules.length === 0;
  const whole = empty || isWhole(draft);
  const given = Number(points);
  const counts = Number.isInteger(given) && given !== 0 && Math.abs(given) <= 100;
  const moments = momentsOf(record).filter((one) => !PLAIN.includes(one));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!whole || !counts || name.trim() === "") return;
    const conditions = empty ? [] : [ruleOf(draft)];
    const { half_life_days: _, within_days: __, moment: ___, ...rest } = rule;
    const [halves, lasts] = [number(half), number(within)];
    const records: Rule = { kind: "has", record, ...(conditions.length > 0 && { rules: conditions }) };
    onDone({
      ...rest,
      name: name.trim(),
      kind,
      points: given,
      ...(behaviour
        ? {
            most: number(most) ?? 1,
            definition: records,
            ...(halves !== undefined && { half_life_days: halves }),
            ...(lasts !== undefined && { within_days: lasts }),
            ...(moments.includes(moment) && { moment }),
          }
        : { most: 1, definition: ruleOf(draft) }),
    });
  };
  const days = (id: string, label: string, value: string, set: (next: string) => void, max: number) => (
    <FieldFrame id={id} label={label} optional={max > 100}>
      <input
        id={id}
        type="number"
        min={1}
        max={max}
        inputMode="numeric"
        value={value}
        onChange={(event) => set(event.target.value)}
        className={`${look} num`}
      />
    </FieldFrame>
  );
  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      <div className="grid grid-cols-[minmax(0,1fr)_120px] gap-3.5 max-sm:grid-cols-1">
        <FieldFrame id={ids.name} label={t("scores.name")}>
          <input
            id={ids.name}
            value={name}
            maxLength={80}
            required
            dir="auto"
            onChange={(event) => setName(event.target.value)}
            className={look}
          />
        </FieldFrame>
        <FieldFrame id={ids.points} label={t(`scores.pointsFor.${kind}`)} help={t("scores.pointsHelp")}>
          <input
            id={ids.points}
            type="number"
            min={-100}
            max={100}
            required
            aria-describedby={`${ids.points}-say`}
            value={points}
            onChange={(event) => setPoints(event.target.value)}
            className={`${look} num`}
          />
        </FieldFrame>
      </div>
      <Tabs
        label={t("scores.kind")}
        value={kind}
        onChange={(next) => {
          setKind(next);
          setDraft(wholeOf(next === "behaviour" ? { kind: "all" } : undefined));
        }}
        options={(["fit", "behaviour"] as const).map((value) => ({ value, label: t(`scores.kinds.${value}`) }))}
      />
      {behaviour && (
        <>
          <div className={`grid gap-3.5 ${moments.length > 1 ? "grid-cols-2 max-sm:grid-cols-1" : ""}`}>
            <FieldFrame id={ids.record} label={t("scores.record")}>
              <Select
                id={ids.record}
                value={record}
                onChange={(event) => {
                  setRecord(event.target.value as Related);
                  setDraft(wholeOf({ kind: "all" }));
                }}
              >
                {RECORDS.map((one) => (
                  <option key={one} value={one}>
                    {t(`scores.each.${one}`)}
                  </option>
                ))}
              </Select>
            </FieldFrame>
            {moments.length > 1 && (
              <FieldFrame id={ids.moment} label={t("scores.moment")}>
                <Select
                  id={ids.moment}
                  value={moments.includes(moment) ? moment : "created_at"}
                  onChange={(event) => setMoment(event.target.value)}
                >
                  {moments.map((one) => (
                    <option key={one} value={one}>
                      {t(`scores.moments.${one as "created_at"}`)}
                    </option>
                  ))}
                </Select>
              </FieldFrame>
            )}
          </div>
          <div className="grid grid-cols-3 items-end gap-3.5 max-sm:grid-cols-1">
            {days(ids.most, t("scores.most"), most, setMost, 100)}
            {days(ids.half, t("scores.halfLife"), half, setHalf, 3650)}
            {days(ids.within, t("scores.within"), within, setWithin, 3650)}
          </div>
        </>
      )}
      <fieldset className="min-w-0">
        <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">
          {t(behaviour ? "scores.which" : "scores.whom")}
        </legend>
        <RuleEditor
          key={behaviour ? record : "contact"}
          rule={draft}
          at=""
          depth={1}
          broken={NONE}
          {...(behaviour && { within: record })}
          onChange={setDraft}
        />
        {empty && <p className="mt-1.5 text-cap text-muted">{t("scores.whichAll")}</p>}
      </fieldset>
      <footer className="flex items-center justify-end gap-2">
        {!whole && <span className="text-sm text-muted">{t("scores.unfinished")}</span>}
        <Button type="submit" writes={false} look="primary" disabled={!whole || !counts || name.trim() === ""}>
          {t("scores.done")}
        </Button>
      </footer>
    </form>
  );
}
