import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { members } from "@/api/queries";
import { useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { FieldFrame, Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Panel } from "@/ui/panel";
import { countries } from "@/ui/regions";
import { Segments } from "@/ui/segments";
import { Switch } from "@/ui/switch";
import { stages } from "../contacts/data";
import { useShown } from "../fields/data";
import { choosable, useSegmentChanges } from "../segments/data";
import { type Import, type Options, optionsOf, useChange } from "./data";
import { Box, Feet } from "./parts";

const KEYS = ["id", "email", "phone", "custom"] as const;
const SEPARATORS = [";", ",", "|", "/"] as const;

/** The third step: which contacts rows are, and what new ones get. */
export function Matching({ item, onBack, onNext }: { item: Import; onBack: () => void; onNext: () => void }) {
  const { t } = useTranslation();
  const [options, setOptions] = useState<Options>(() => optionsOf(item));
  const [tags, setTags] = useState(() => optionsOf(item).tags.join(", "));
  /** What the new segment is called; nothing while an existing one, or none, is meant. */
  const [list, setList] = useState<string>();
  const { create } = useSegmentChanges();
  const change = useChange(item.id, t("imports.step.matching"), async (next: Options) => {
    const made = list?.trim() ? await create.mutateAsync({ name: list.trim(), kind: "static" }) : undefined;
    const kept = made ? { ...next, segment: made.id } : next;
    if (made) {
      // Whatever is refused from here on, it is not made twice.
      setList(undefined);
      setOptions(kept);
    }
    return ok(api.PATCH("/v1/contact-imports/{id}", { params: { path: { id: item.id } }, body: { options: kept } }));
  });
  const set = (next: Partial<Options>) => setOptions({ ...options, ...next });
  const onward = () => {
    const words = tags
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean);
    const next = { ...options, tags: words };
    if (!list?.trim() && JSON.stringify(next) === JSON.stringify(optionsOf(item))) return onNext();
    change.mutate(next, { onSuccess: onNext });
  };
  const own = useShown("contact");
  // A unique field leads to nobody when no column of the file says it.
  const unique = own.some((field) => field.unique && item.columns.some(({ custom }) => custom === field.key));
  const keys = KEYS.filter((key) => key !== "custom" || unique || options.match_by.includes(key));
  const lost = options.mode !== "create" && options.match_by.length === 0;
  return (
    <>
      <Panel title={t("imports.known")}>
        <div className="flex flex-col gap-4">
          <span className="flex">
            <Segments
              label={t("imports.known")}
              value={options.mode}
              onChange={(mode) => set({ mode })}
              options={(["both", "create", "update"] as const).map((value) => ({
                value,
                label: t(`imports.mode.${value}`),
              }))}
            />
          </span>
          <fieldset className="flex flex-col gap-1">
            <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("imports.matchBy")}</legend>
            <span className="flex flex-wrap gap-x-6 gap-y-1">
              {keys.map((key) => (
                <Box
                  key={key}
                  label={t(`imports.key.${key}`)}
                  checked={options.match_by.includes(key)}
                  onChange={(on) =>
                    set({ match_by: KEYS.filter((each) => (each === key ? on : options.match_by.includes(each))) })
                  }
                />
              ))}
            </span>
            <p role="status" className={`text-cap ${lost ? "text-danger-text" : "text-muted"}`}>
              {lost
                ? t("imports.problem.match_missing")
                : options.match_by.length === 0
                  ? t("imports.matchNone")
                  : t("imports.matchHelp")}
            </p>
          </fieldset>
          {options.mode !== "create" && (
            <Switch
              label={
                <Told title={t("imports.overwrite")}>
                  {t(options.overwrite ? "imports.overwriteOn" : "imports.overwriteOff")}
                </Told>
              }
              checked={options.overwrite}
              onChange={(overwrite) => set({ overwrite })}
            />
          )}
          <Switch
            label={
              <Told title={t("imports.leaveOut")}>
                {t(options.bad_cells === "leave_out" ? "imports.leaveOutOn" : "imports.leaveOutOff")}
              </Told>
            }
            checked={options.bad_cells === "leave_out"}
            onChange={(on) => set({ bad_cells: on ? "leave_out" : "refuse" })}
          />
        </div>
      </Panel>
      <Defaults item={item} options={options} set={set} tags={tags} onTags={setTags} list={list} onList={setList} />
      <Feet>
        <Button look="ghost" onClick={onBack}>
          {t("action.back")}
        </Button>
        <Button look="primary" writes busy={change.isPending} disabled={lost} onClick={onward}>
          {t("imports.next")}
        </Button>
      </Feet>
    </>
  );
}

function Told({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <span className="block">{title}</span>
      <span className="block text-cap text-muted">{children}</span>
    </>
  );
}

function Defaults(props: {
  item: Import;
  options: Options;
  set: (next: Partial<Options>) => void;
  tags: string;
  onTags: (tags: string) => void;
  list: string | undefined;
  onList: (name: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const { item, options, set } = props;
  const { locale } = useFormats();
  const known = useQuery(stages);
  const people = useQuery({ ...members, enabled: useMay("identity.members.read") });
  const places = useMemo(() => countries(locale), [locale]);
  const id = useId();
  // An option that is not chosen is not sent.
  const without = (key: "stage" | "owner" | "source" | "country" | "date_order" | "segment", value: string) => {
    const { [key]: _, ...rest } = options;
    set({ ...rest, [key]: value || undefined });
  };
  return (
    <Panel title={t("imports.defaults")} note={t("imports.defaultsNote")}>
      <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
        <FieldFrame id={`${id}-tags`} label={t("contacts.tags")} help={t("imports.tagsHelp")} optional>
          <input
            id={`${id}-tags`}
            value={props.tags}
            onChange={(event) => props.onTags(event.target.value)}
            className={`${inputLook} ${inputHeight}`}
          />
        </FieldFrame>
        <FieldFrame id={`${id}-source`} label={t("contacts.source")} optional>
          <input
            id={`${id}-source`}
            value={options.source ?? ""}
            maxLength={60}
            placeholder="import"
            onChange={(event) => without("source", event.target.value)}
            className={`${inputLook} ${inputHeight}`}
          />
        </FieldFrame>
        <FieldFrame id={`${id}-stage`} label={t("contacts.stage")} optional>
          <Select
            id={`${id}-stage`}
            value={options.stage ?? ""}
            onChange={(event) => without("stage", event.target.value)}
          >
            <option value="">–</option>
            {known.data?.map(({ key, label }) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </Select>
        </FieldFrame>
        <FieldFrame id={`${id}-owner`} label={t("contacts.owner")} optional>
          <Select
            id={`${id}-owner`}
            value={options.owner ?? ""}
            onChange={(event) => without("owner", event.target.value)}
          >
            <option value="">{t("contacts.nobody")}</option>
            {people.data?.items.map(({ id: member, name }) => (
              <option key={member} value={member}>
                {name}
              </option>
            ))}
          </Select>
        </FieldFrame>
        <FieldFrame id={`${id}-country`} label={t("imports.country")} help={t("imports.countryHelp")} optional>
          <Select
            id={`${id}-country`}
            value={options.country ?? ""}
            onChange={(event) => without("country", event.target.value)}
          >
            <option value="">–</option>
            {places.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </Select>
        </FieldFrame>
        {item.columns.some(({ field }) => field === "birthday" || field === "anniversary") && (
          <FieldFrame id={`${id}-order`} label={t("imports.dateOrder")} help={t("imports.dateOrderHelp")} optional>
            <Select
              id={`${id}-order`}
              value={options.date_order ?? ""}
              onChange={(event) => without("date_order", event.target.value)}
            >
              <option value="">{t("imports.order.country")}</option>
              <option value="day_first">{t("imports.order.day_first")}</option>
              <option value="month_first">{t("imports.order.month_first")}</option>
            </Select>
          </FieldFrame>
        )}
        <SegmentChoice
          value={options.segment ?? ""}
          onChoose={(segment) => without("segment", segment)}
          list={props.list}
          onList={props.onList}
        />
        <FieldFrame id={`${id}-separator`} label={t("imports.separator")} help={t("imports.separatorHelp")}>
          <Select
            id={`${id}-separator`}
            value={options.separator}
            onChange={(event) => set({ separator: event.target.value })}
          >
            {SEPARATORS.map((sign) => (
              <option key={sign} value={sign}>
                {sign}
              </option>
            ))}
          </Select>
        </FieldFrame>
      </div>
    </Panel>
  );
}

const NEW = "new";

/** The static segment that everybody in the file comes into: one that the reader may change, or a new one. */
function SegmentChoice(props: {
  value: string;
  onChoose: (segment: string) => void;
  list: string | undefined;
  onList: (name: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const me = useMe();
  const writes = useMay("segments.write");
  const { data = [] } = useQuery({ ...choosable, enabled: useMay("segments.read") });
  if (!writes) return null;
  const { value, list, onList } = props;
  const all = me?.grants["segments.write"] === "all";
  const lists = data.filter(({ kind, owner }) => kind === "static" && (all || owner === me?.user?.id));
  const choose = (next: string) => {
    onList(next === NEW ? "" : undefined);
    props.onChoose(next === NEW ? "" : next);
  };
  return (
    <>
      <FieldFrame id={id} label={t("imports.segment")} help={t("imports.segmentHelp")} optional>
        <Select id={id} value={list === undefined ? value : NEW} onChange={(event) => choose(event.target.value)}>
          <option value="">{t("imports.noSegment")}</option>
          {lists.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
          <option value={NEW}>{t("imports.newSegment")}</option>
        </Select>
      </FieldFrame>
      {list !== undefined && (
        <FieldFrame id={`${id}-name`} label={t("imports.newSegmentName")}>
          <input
            id={`${id}-name`}
            value={list}
            maxLength={80}
            dir="auto"
            onChange={(event) => onList(event.target.value)}
            className={`${inputLook} ${inputHeight}`}
          />
        </FieldFrame>
      )}
    </>
  );
}
