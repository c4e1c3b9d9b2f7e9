import { useQuery } from "@tanstack/react-query";
import { CalendarOff, EllipsisVertical, Pencil, Plus, Trash2 } from "lucide-react";
import { lazy, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { members, tenant } from "@/api/queries";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { tags } from "@/modules/contacts/data";
import { Button, IconButton } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { FieldFrame, Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Menu, MenuItem } from "@/ui/menu";
import { minorOf } from "@/ui/money";
import { Opened } from "@/ui/opened";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Sorted } from "@/ui/sorted";
import { Empty, Failed, Skeleton, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { pipelines, useMembers } from "../data";
import { dayWords } from "../../tasks/when";
import { useSortedWords } from "../sorting";
import { useAbsenceChanges, useRuleChanges } from "./changes";
import { type Absence, absences, bodyOf, type Rule, rules, type Trial, trial } from "./data";
import { useSentence } from "./sentence";

const RuleDialog = lazy(async () => ({ default: (await import("./rule-dialog")).RuleDialog }));
const AwayDialog = lazy(async () => ({ default: (await import("./away-dialog")).AwayDialog }));

/** Who gets deals that nobody has: rules in their order, who is away, and what would happen now. */
export function Assignment() {
  const query = useQuery(rules);
  const people = useQuery({ ...members, enabled: useMay("identity.members.read") });
  const others = [useQuery(absences), useQuery(pipelines), useQuery(tags), useQuery(tenant)];
  // Sentences are made of all of it: shown together, nothing moves when the last of it comes.
  if ([query, people, ...others].some(({ isLoading }) => isLoading)) return null;
  return (
    <>
      <Rules />
      {query.data && query.data.length > 0 && (
        <>
          <People list={query.data} />
          <TryOut />
        </>
      )}
    </>
  );
}

function Rules() {
  const { t } = useTranslation();
  const query = useQuery(rules);
  const words = useSortedWords();
  const changes = useRuleChanges();
  const [editing, setEditing] = useState<Rule | "new">();
  const list = query.data ?? [];
  const ids = list.map(({ id }) => id);
  return (
    <Panel
      bare
      title={t("deals.assignment.title")}
      more={
        <Button writes size="small" icon={<Plus />} onClick={() => setEditing("new")} disabled={!query.data}>
          {t("deals.assignment.add")}
        </Button>
      }
    >
      <p className="px-4 pb-3 text-[12.5px] text-muted md:px-[18px]">{t("deals.assignment.lead")}</p>
      {query.isPending ? (
        <SkeletonRows rows={2} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : list.length === 0 ? (
        <Empty title={t("deals.assignment.empty")}>{t("deals.assignment.emptyText")}</Empty>
      ) : (
        <div className="overflow-hidden rounded-b-[14px] md:rounded-b-panel">
          <Sorted
            ids={ids}
            nameOf={(id) => list.find((rule) => rule.id === id)?.name ?? id}
            words={words}
            onMove={(from, to) => {
              const moved = ids[from];
              if (moved && !changes.order.isPending)
                changes.order.mutate(ids.toSpliced(from, 1).toSpliced(to, 0, moved));
            }}
          >
            {(id, grip) => {
              const rule = list.find((one) => one.id === id);
              return (
                rule && (
                  <RuleRow
                    rule={rule}
                    grip={grip}
                    onEdit={() => setEditing(rule)}
                    onRemove={() => changes.remove.mutate({ rule, ids })}
                    onSwitch={(enabled) =>
                      changes.put.mutate({ rule, body: { ...bodyOf(rule), enabled } }, { onError: changes.onError })
                    }
                    busy={changes.put.isPending}
                  />
                )
              );
            }}
          </Sorted>
        </div>
      )}
      <Opened open={editing !== undefined}>
        <RuleDialog rule={editing} onClose={() => setEditing(undefined)} />
      </Opened>
    </Panel>
  );
}

function RuleRow(props: {
  rule: Rule;
  grip: React.ReactNode;
  busy: boolean;
  onEdit: () => void;
  onRemove: () => void;
  onSwitch: (enabled: boolean) => void;
}) {
  const { t } = useTranslation();
  const say = useSentence();
  const { rule, grip } = props;
  return (
    <div className="flex min-h-[57px] items-center gap-2 border-line border-t bg-surface px-3 py-2">
      {grip}
      <span className="min-w-0 flex-1">
        <span className="flex min-w-0 text-[14px] font-[590]">
          <Own title={rule.name}>{rule.name}</Own>
        </span>
        <span className="block text-[12.5px] text-ink-2 [overflow-wrap:anywhere]">{say(rule)}</span>
      </span>
      <Switch
        alone
        label={t("deals.assignment.on", { name: rule.name })}
        checked={rule.enabled}
        disabled={props.busy}
        onChange={props.onSwitch}
      />
      <Menu
        align="end"
        trigger={
          <IconButton small label={t("deals.actionsOf", { title: rule.name })}>
            <EllipsisVertical />
          </IconButton>
        }
      >
        <MenuItem writes icon={<Pencil />} onClick={props.onEdit}>
          {t("deals.edit")}
        </MenuItem>
        <MenuItem danger icon={<Trash2 />} onClick={props.onRemove}>
          {t("deals.delete")}
        </MenuItem>
      </Menu>
    </div>
  );
}

/** The members of the rules: who takes deals, and who does not for a while. */
function People({ list }: { list: readonly Rule[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const query = useQuery(absences);
  const change = useAbsenceChanges();
  const [asking, setAsking] = useState<{ member: string; name: string; before?: Absence }>();
  const today = formats.dayKey(new Date());
  const ids = [...new Set(list.flatMap((rule) => rule.members.map(({ member }) => member)))];
  const day = (value: string) => dayWords(value, formats.locale);
  return (
    <Panel bare title={t("deals.assignment.people")}>
      {query.isPending ? (
        <SkeletonRows rows={Math.min(6, ids.length)} />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <ul className="mt-2 divide-y divide-line border-line border-t">
          {ids.map((member) => {
            // What is over is as if it had never been.
            const before = query.data.find((one) => one.member === member && (!one.until || one.until >= today));
            const later = before?.from != null && before.from > today;
            const name = members.get(member) ?? t("deals.assignment.former");
            const said = !before
              ? t("deals.assignment.takes")
              : later
                ? before.until
                  ? t("deals.assignment.awayFromUntil", { from: day(before.from ?? ""), until: day(before.until) })
                  : t("deals.assignment.awayFrom", { from: day(before.from ?? "") })
                : before.until
                  ? t("deals.assignment.awayUntil", { until: day(before.until) })
                  : t("deals.assignment.paused");
            return (
              <li key={member} className="flex min-h-[52px] items-center gap-3 px-4 py-1.5 md:px-[18px]">
                <span className="min-w-0 flex-1 text-sm">
                  <bdi className="block truncate font-[560]">{name}</bdi>
                  <span className="block truncate text-cap text-muted">{said}</span>
                </span>
                <IconButton
                  small
                  writes
                  label={t("deals.assignment.awayOf", { name })}
                  onClick={() => setAsking({ member, name, ...(before && { before }) })}
                >
                  <CalendarOff />
                </IconButton>
                <Switch
                  alone
                  label={t("deals.assignment.takesOf", { name })}
                  checked={!before || later}
                  disabled={change.isPending}
                  onChange={(on) => change.mutate({ member, ...(before && { before }), ...(!on && { next: {} }) })}
                />
              </li>
            );
          })}
        </ul>
      )}
      <Opened open={asking !== undefined}>
        <AwayDialog asking={asking} onClose={() => setAsking(undefined)} />
      </Opened>
    </Panel>
  );
}

/** A deal as it might come, and who would get it now. */
function TryOut() {
  const { t } = useTranslation();
  const [line, source, amount] = [useId(), useId(), useId()];
  const lines = useQuery(pipelines).data ?? [];
  const currency = useQuery(tenant).data?.currency ?? "EUR";
  const [asked, setAsked] = useState({ pipeline: "", source: "", amount: "" });
  const minor = minorOf(asked.amount.trim(), currency);
  const query = useQuery(
    trial({
      ...(asked.pipeline && { pipeline: asked.pipeline }),
      ...(asked.source.trim() && { source: asked.source.trim() }),
      ...(minor !== undefined && { amount: minor }),
      currency,
    }),
  );
  return (
    <Panel title={t("deals.assignment.try")}>
      <div className="grid grid-cols-3 gap-3.5 max-sm:grid-cols-1">
        <FieldFrame id={line} label={t("deals.pipeline")}>
          <Select
            id={line}
            value={asked.pipeline || (lines[0]?.id ?? "")}
            onChange={(event) => setAsked({ ...asked, pipeline: event.target.value })}
          >
            {lines.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </FieldFrame>
        <FieldFrame id={source} label={t("deals.field.source")}>
          <input
            id={source}
            value={asked.source}
            maxLength={100}
            dir="auto"
            onChange={(event) => setAsked({ ...asked, source: event.target.value })}
            className={`${inputLook} ${inputHeight}`}
          />
        </FieldFrame>
        <FieldFrame id={amount} label={t("deals.assignment.amountIn", { currency })}>
          <input
            id={amount}
            value={asked.amount}
            inputMode="decimal"
            dir="ltr"
            maxLength={20}
            onChange={(event) => setAsked({ ...asked, amount: event.target.value })}
            className={`${inputLook} ${inputHeight}`}
          />
        </FieldFrame>
      </div>
      <div aria-live="polite" className="mt-4 min-h-24">
        {query.isError && !query.data ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : !query.data ? (
          <Skeleton className="h-24" />
        ) : (
          <Answer trial={query.data} />
        )}
      </div>
    </Panel>
  );
}

function Answer({ trial: said }: { trial: Trial }) {
  const { t } = useTranslation();
  const members = useMembers();
  const nameOf = (id: string) => members.get(id) ?? t("deals.assignment.former");
  if (!said.rule) return <p className="text-sm">{t("deals.assignment.noRule")}</p>;
  return (
    <>
      <p className="text-sm font-[590]">
        {said.owner
          ? t("deals.assignment.would", { name: nameOf(said.owner), rule: said.name ?? "" })
          : t("deals.assignment.nobody", { rule: said.name ?? "" })}
      </p>
      <ul className="mt-2 flex flex-wrap gap-2">
        {said.seats.map(({ member, open, out }) => (
          <li key={member} className="max-w-full">
            <Chip tone={member === said.owner ? "accent" : out ? "warning" : "neutral"} shrinks>
              {t("deals.assignment.seat", {
                name: nameOf(member),
                note: out ? t(`deals.assignment.out.${out}`) : t("deals.assignment.openDeals", { count: open }),
              })}
            </Chip>
          </li>
        ))}
      </ul>
    </>
  );
}
