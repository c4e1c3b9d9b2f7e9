import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Pencil, Plus, Trash2, TriangleAlert } from "lucide-react";
import { lazy, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Section } from "@/modules/settings/section";
import { Button, IconButton } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import { useDraftOf } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { Opened } from "@/ui/opened";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { say, sayError } from "@/ui/toast";
import { type NewScoring, preview, putScoring, type ScoreRule, type Scoring, scoring, useSave } from "../data";
import { useSentence } from "../sentence";
import { Bands, isRight } from "./bands";
import { PRESET_IDS, ruleOf } from "./presets";

const RuleDialog = lazy(async () => ({ default: (await import("./rule-dialog")).RuleDialog }));

const bodyOf = ({ rules, warm_from, hot_from }: Scoring): NewScoring => ({ rules, warm_from, hot_from });
const LABELS = { rules: "scores.rules", warm_from: "scores.warmFrom", hot_from: "scores.hotFrom" } as const;

/** Rules of scores and limits of bands: changed together, tried beside, saved as a whole. */
export function ScoringPage() {
  const query = useQuery(scoring);
  return (
    <Section id="scoring">
      {query.isPending ? (
        <Panel bare>
          <SkeletonRows rows={10} tall />
        </Panel>
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        query.data && <Whole held={query.data} />
      )}
    </Section>
  );
}

function Whole({ held }: { held: Scoring }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const writes = useMe()?.grants["scores.write"] === "all";
  const cache = useQueryClient();
  const { draft, setDraft, touched: differs, newer, update, theirs, discard } = useDraftOf(held, bodyOf);
  const [editing, setEditing] = useState<ScoreRule>();
  const save = useSave();
  const right = isRight(draft);
  const put = (rules: ScoreRule[]) => setDraft((now) => ({ ...now, rules }));
  const fail = (error: unknown) => sayError(t("error.notSaved"), sayThrown(error));
  const submit = () => {
    // What stood there before, with what somebody else changed since it was read.
    let before = bodyOf(held);
    const write = () =>
      update({
        send: (base, body) => {
          before = bodyOf(base);
          return putScoring(body, base.version);
        },
        read: () => cache.fetchQuery({ ...scoring, staleTime: 0 }),
      });
    save.mutate(write, {
      onError: fail,
      onSuccess: (fresh) =>
        say(t("scores.saved"), {
          undo: () =>
            save.mutate(() => putScoring(before, fresh.version), {
              onSuccess: () => say(t("scores.restored")),
              onError: fail,
            }),
        }),
    });
  };
  const known = editing && draft.rules.some(({ id }) => id === editing.id);
  return (
    <>
      {!writes && <p className="text-sm text-muted">{t("scores.readOnly")}</p>}
      {held.counting && (
        <p role="status" className="num rounded-[12px] bg-accent-soft px-3.5 py-2.5 text-sm text-accent-text">
          {t("scores.counting", { done: formats.count(held.done), total: formats.count(held.total) })}
        </p>
      )}
      <Panel bare title={t("scores.rules")} more={writes && <Add onAdd={(rule) => setEditing(rule)} />}>
        <p className="px-4 pb-2 text-[12.5px] text-muted md:px-[18px]">{t("scores.rulesLead")}</p>
        {draft.rules.length === 0 ? (
          <Empty title={t("scores.none")}>{t("scores.noneText")}</Empty>
        ) : (
          <Rules rules={draft.rules} broken={held.broken} writes={writes} onChange={put} onEdit={setEditing} />
        )}
      </Panel>
      <Bands value={draft} writes={writes} onChange={(limits) => setDraft({ ...draft, ...limits })} />
      {writes && differs && right && <Tried body={draft} />}
      {writes && differs && (
        <div className="sticky bottom-3 z-10 flex flex-wrap items-center gap-2 rounded-[14px] border border-line-2 bg-surface px-4 py-3 shadow-2">
          <span className="min-w-0 flex-1 text-sm text-muted">{t(right ? "scores.unsaved" : "scores.wrongBands")}</span>
          <Newer of={newer} label={(key) => t(LABELS[key])} onTheirs={theirs} />
          <Button look="ghost" onClick={discard}>
            {t("scores.discard")}
          </Button>
          <Button writes look="primary" busy={save.isPending} disabled={!right} onClick={submit}>
            {t("scores.save")}
          </Button>
        </div>
      )}
      <Opened open={editing !== undefined}>
        <RuleDialog
          rule={editing}
          onClose={() => setEditing(undefined)}
          onDone={(next) => {
            setEditing(undefined);
            put(known ? draft.rules.map((old) => (old.id === next.id ? next : old)) : [...draft.rules, next]);
          }}
        />
      </Opened>
    </>
  );
}

function Add({ onAdd }: { onAdd: (rule: ScoreRule) => void }) {
  const { t } = useTranslation();
  return (
    <Menu
      trigger={
        <Button writes size="small" icon={<Plus />}>
          {t("scores.add")}
        </Button>
      }
    >
      {PRESET_IDS.map((id) => (
        <MenuItem key={id} onClick={() => onAdd(ruleOf(id, t))}>
          {t(`scores.presets.${id}`)}
        </MenuItem>
      ))}
    </Menu>
  );
}

function Rules(props: {
  rules: readonly ScoreRule[];
  broken: Scoring["broken"];
  writes: boolean;
  onChange: (next: ScoreRule[]) => void;
  onEdit: (rule: ScoreRule) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const sentence = useSentence();
  const signed = new Intl.NumberFormat(formats.locale, { signDisplay: "exceptZero" });
  const { rules, broken, writes, onChange } = props;
  const move = (from: number, by: number) => {
    const next = [...rules];
    const [rule] = next.splice(from, 1);
    if (rule) next.splice(from + by, 0, rule);
    onChange(next);
  };
  const remove = (rule: ScoreRule) => {
    onChange(rules.filter(({ id }) => id !== rule.id));
    say(t("scores.removed", { name: rule.name }), { undo: () => onChange([...rules]) });
  };
  return (
    <ol className="divide-y divide-line">
      {rules.map((rule, at) => {
        const { id, name, active, points } = rule;
        return (
          <li key={id} className="flex items-start gap-3 px-[18px] py-3 max-md:flex-wrap max-md:px-4">
            <b
              dir="ltr"
              className={`num w-10 shrink-0 text-end text-sm font-[640] ${active ? (points < 0 ? "text-danger-text" : "text-accent-text") : "text-muted"}`}
            >
              {signed.format(points)}
            </b>
            <div className="min-w-0 flex-1 max-md:basis-[calc(100%-60px)]">
              <p className="text-sm font-[590]">
                <bdi>{name}</bdi>
              </p>
              <p className="mt-0.5 text-[12.5px] text-muted first-letter:uppercase">{sentence(rule)}</p>
              {broken.some((one) => one.id === id) && (
                <p className="mt-1 flex items-center gap-1.5 text-cap text-warning-text">
                  <TriangleAlert aria-hidden="true" className="size-3.5 shrink-0" />
                  {t("scores.broken")}
                </p>
              )}
            </div>
            <span className="flex shrink-0 items-center gap-1 max-md:ms-auto">
              {writes && (
                <>
                  <IconButton small label={t("scores.up", { name })} disabled={at === 0} onClick={() => move(at, -1)}>
                    <ArrowUp />
                  </IconButton>
                  <IconButton
                    small
                    label={t("scores.down", { name })}
                    disabled={at === rules.length - 1}
                    onClick={() => move(at, 1)}
                  >
                    <ArrowDown />
                  </IconButton>
                  <IconButton small label={t("scores.edit", { name })} onClick={() => props.onEdit(rule)}>
                    <Pencil />
                  </IconButton>
                  <IconButton small label={t("scores.remove", { name })} onClick={() => remove(rule)}>
                    <Trash2 />
                  </IconButton>
                </>
              )}
              <Switch
                alone
                label={t("scores.active", { name })}
                checked={active}
                disabled={!writes}
                onChange={(on) => onChange(rules.map((old) => (old.id === id ? { ...old, active: on } : old)))}
              />
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

/** How many contacts would be in each band, before anything is saved. */
function Tried({ body }: { body: NewScoring }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = useQuery(preview(useSettled(body, 400)));
  const found = query.data;
  return (
    <Panel title={t("scores.tried")}>
      <div className="min-h-[112px]" aria-busy={query.isFetching}>
        {query.isError ? (
          <p role="status" className="text-sm text-danger-text">
            {sayThrown(query.error)}
          </p>
        ) : !found ? (
          <p role="status" className="text-sm text-muted">
            {t("scores.trying")}
          </p>
        ) : (
          <>
            <p role="status" className="mb-2 text-cap text-muted">
              {t(found.sampled ? "scores.triedSome" : "scores.triedAll", { count: found.contacts })}
            </p>
            <table className="w-full max-w-[420px] text-sm">
              <thead>
                <tr className="text-cap text-muted">
                  <th scope="col" className="pb-1 text-start font-[560]">
                    {t("scores.band")}
                  </th>
                  <th scope="col" className="pb-1 text-end font-[560]">
                    {t("scores.now")}
                  </th>
                  <th scope="col" className="pb-1 text-end font-[560]">
                    {t("scores.then")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {(["hot", "warm", "cold"] as const).map((band) => (
                  <tr key={band} className="border-line border-t">
                    <th scope="row" className="py-1 text-start font-[450]">
                      {t(`contacts.bands.${band}`)}
                    </th>
                    <td className="num py-1 text-end text-muted">{formats.count(found.now[band])}</td>
                    <td className="num py-1 text-end font-[590]">{formats.count(found.then[band])}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </div>
    </Panel>
  );
}
