import { useQuery } from "@tanstack/react-query";
import { Pause, Play, Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { IconButton } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import { Card } from "../contacts/person/card";
import { useAway } from "./away";
import { useFollowUpChanges } from "./changes";
import { type FollowUp, followUpsOf, sequences } from "./data";

type Changes = ReturnType<typeof useFollowUpChanges>;

/** What is coming for a contact or a deal, why, and what came of the last ones. */
export function FollowUpsOf({ about, id, over }: { about: "contact" | "deal"; id: string; over?: boolean }) {
  const { t } = useTranslation();
  const writes = useMay("followups.write") && !over;
  const { data } = useQuery(followUpsOf(about, id));
  const changes = useFollowUpChanges();
  if (!data || (data.length === 0 && !writes)) return null;
  const coming = data.filter(({ status }) => status === "waiting" || status === "paused").reverse();
  const ended = data
    .filter(({ ended_at }) => ended_at)
    .sort((a, b) => Date.parse(b.ended_at ?? "") - Date.parse(a.ended_at ?? ""))
    .slice(0, 2);
  return (
    <Card title={t("followups.title")} note={writes && about === "contact" && <Into contact={id} changes={changes} />}>
      {coming.length === 0 && <p className="text-sm text-muted">{t("followups.none")}</p>}
      {coming.length > 0 && (
        <ul className="flex flex-col gap-0.5">
          {coming.map((one) => (
            <Row key={one.id} one={one} writes={writes} changes={changes} />
          ))}
        </ul>
      )}
      {ended.length > 0 && (
        <ul className="mt-2 border-line border-t pt-2">
          {ended.map((one) => (
            <li key={one.id} className="py-0.5 text-cap text-muted">
              <bdi className="line-through decoration-line-2">{one.title}</bdi>
              {" · "}
              {t(`followups.ended.${one.status === "fired" ? "fired" : (one.reason ?? "stopped")}`)}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Row({ one, writes, changes }: { one: FollowUp; writes: boolean; changes: Changes }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { title, step } = one;
  const why = step
    ? t("followups.because.step", { step, name: one.sequence_name ?? "" })
    : one.rule_name
      ? t("followups.because.rule", { name: one.rule_name })
      : t("followups.because.alone");
  const held = one.status === "paused";
  const away = useAway()(one);
  return (
    <li className="flex items-start gap-1">
      <div className="min-w-0 flex-1 py-1">
        <p className={`text-sm ${held ? "text-muted" : ""}`}>
          <bdi>{title}</bdi>
        </p>
        <p className="text-cap text-muted">
          <time dateTime={one.fire_at} title={formats.full(one.fire_at)} className="num font-[560] text-ink-2">
            {held ? t("followups.held") : formats.day(one.fire_at)}
          </time>
          {" · "}
          {[why, away].filter(Boolean).join(" · ")}
        </p>
      </div>
      {writes && (
        <span className="flex shrink-0">
          {held ? (
            <IconButton small label={t("followups.resume", { title })} onClick={() => changes.resume.mutate(one)}>
              <Play className="rtl:-scale-x-100" />
            </IconButton>
          ) : (
            <IconButton small label={t("followups.pause", { title })} onClick={() => changes.pause.mutate(one)}>
              <Pause />
            </IconButton>
          )}
          <IconButton small label={t("followups.stop", { title })} onClick={() => changes.stop.mutate(one)}>
            <X />
          </IconButton>
        </span>
      )}
    </li>
  );
}

function Into({ contact, changes }: { contact: string; changes: Changes }) {
  const { t } = useTranslation();
  const { data } = useQuery(sequences);
  const on = data?.filter(({ enabled }) => enabled) ?? [];
  if (on.length === 0) return null;
  return (
    <Menu
      trigger={
        <IconButton small label={t("followups.put")} className="-my-2 -me-2">
          <Plus />
        </IconButton>
      }
    >
      {on.map((sequence) => (
        <MenuItem writes key={sequence.id} onClick={() => changes.put.mutate({ contact, sequence })}>
          {t("followups.putInto", { name: sequence.name })}
        </MenuItem>
      ))}
    </Menu>
  );
}
