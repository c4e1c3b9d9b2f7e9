import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { useEdits } from "@/api/edits";
import { may, useMay, useMe } from "@/app/may";
import { sayThrown } from "@/i18n/problems";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Checkbox } from "@/ui/checkbox";
import { FieldFrame, Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { say, sayError } from "@/ui/toast";
import { plus } from "../tasks/when";
import { useFeastName } from "./calendar/entry";
import { type Feast, feasts, type Settings, settings } from "./data";
import { dayAs } from "./days";
import { useLocale } from "./locale";

export function OccasionSettingsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const query = useQuery(settings);
  // Shown together: neither pushes the other away.
  const moved = useQuery(feasts(...around()));
  if (me && !may(me, "occasions.read")) return <Forbidden title={t("occasions.settings")} needs="occasions.read" />;
  return (
    <Page title={t("occasions.settings")} back="/occasions">
      <div className="mx-auto flex w-full max-w-[820px] flex-col gap-4 px-7 pt-4 pb-8 max-md:px-4">
        {query.isPending || moved.isPending ? (
          <SkeletonRows rows={8} tall />
        ) : query.isError && !query.data ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          query.data && (
            <>
              <Reading held={query.data} />
              <Moon />
            </>
          )
        )}
      </div>
    </Page>
  );
}

/** A change of the settings shows at once and waits for the one before. */
function useChange() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { mutate } = useEdits<Settings, Schema["OccasionSettingsPatch"]>({
    key: settings.queryKey,
    send: (body, version) => ok(api.PATCH("/v1/occasion-settings", { params: { header: ifMatch(version) }, body })),
    onError: (error) => sayError(sayThrown(error)),
    onEnd: () => void cache.invalidateQueries({ queryKey: ["occasions"] }),
  });
  return (change: Schema["OccasionSettingsPatch"]) =>
    mutate(change, { onSuccess: () => say(t("occasions.said.settings")) });
}

/** A shift of days in words. */
function useShift(): (days: number) => string {
  const { t } = useTranslation();
  return (days) =>
    days === 0
      ? t("occasions.shift_zero")
      : t(days > 0 ? "occasions.shift" : "occasions.earlier", { count: Math.abs(days) });
}

function Reading({ held }: { held: Settings }) {
  const { t, i18n } = useTranslation();
  const writes = useMay("occasions.greetings.write");
  const change = useChange();
  const shift = useShift();
  const known = useQuery(feasts(...around())).data;
  const [leap, hijri, notices] = [useId(), useId(), useId()];
  const countries = new Intl.DisplayNames([i18n.language], { type: "region" });
  const typed = (text: string) => {
    const days = text
      .split(/[,،\s]+/)
      .filter(Boolean)
      .map(Number);
    if (days.every((day) => Number.isInteger(day))) change({ notices: days });
  };
  return (
    <Panel title={t("occasions.settings")} note={known && t("occasions.version", { version: known.version })}>
      <div className="flex flex-col gap-4">
        <div className="grid grid-cols-2 items-start gap-4 max-md:grid-cols-1">
          <FieldFrame id={leap} label={t("occasions.leapPolicy")}>
            <Select
              id={leap}
              value={held.leap_policy}
              disabled={!writes}
              onChange={({ target }) => change({ leap_policy: target.value as Settings["leap_policy"] })}
            >
              {(["feb28", "mar1", "leap_years"] as const).map((value) => (
                <option key={value} value={value}>
                  {t(`occasions.leap.${value}`)}
                </option>
              ))}
            </Select>
          </FieldFrame>
          <FieldFrame id={hijri} label={t("occasions.hijriShift")} help={t("occasions.hijriShiftHelp")}>
            <Select
              id={hijri}
              value={held.hijri_shift}
              disabled={!writes}
              aria-describedby={`${hijri}-say`}
              onChange={({ target }) => change({ hijri_shift: Number(target.value) })}
            >
              {[-2, -1, 0, 1, 2].map((value) => (
                <option key={value} value={value}>
                  {shift(value)}
                </option>
              ))}
            </Select>
          </FieldFrame>
        </div>
        <FieldFrame id={notices} label={t("occasions.notices")} help={t("occasions.noticesHelp")}>
          <input
            key={held.version}
            id={notices}
            defaultValue={held.notices.join(", ")}
            disabled={!writes}
            inputMode="numeric"
            aria-describedby={`${notices}-say`}
            onBlur={({ target }) => target.value !== held.notices.join(", ") && typed(target.value)}
            className={`${inputLook} ${inputHeight} max-w-60`}
          />
        </FieldFrame>
        <div>
          <Switch
            label={t("occasions.oneADay")}
            checked={held.one_a_day}
            disabled={!writes}
            onChange={(one_a_day) => change({ one_a_day })}
          />
          <p className="mt-0.5 text-cap text-muted">{t("occasions.oneADayHelp")}</p>
        </div>
        <fieldset>
          <legend className="mb-1 text-[12.5px] font-[560] text-ink-2">{t("occasions.packs")}</legend>
          <div className="grid min-h-[108px] grid-cols-3 max-md:grid-cols-1">
            {known?.packs.map((code) => (
              <span key={code} className="flex min-h-9 items-center gap-2.5 text-sm coarse:min-h-11">
                <Checkbox
                  label={countries.of(code) ?? code}
                  checked={held.packs.includes(code)}
                  onChange={(on) =>
                    writes && change({ packs: on ? [...held.packs, code] : held.packs.filter((one) => one !== code) })
                  }
                />
                <span aria-hidden="true">{countries.of(code) ?? code}</span>
              </span>
            ))}
          </div>
        </fieldset>
      </div>
    </Panel>
  );
}

const around = (): [string, string] => {
  const today = new Date().toISOString().slice(0, 10);
  return [today, plus(today, 400)];
};

/** The next days of feasts that the moon decides: each can be moved for its year. */
function Moon() {
  const { t } = useTranslation();
  const { data } = useQuery(feasts(...around()));
  return (
    <Panel title={t("occasions.moon")} flush>
      <ul className="min-h-[260px] pb-2">
        {data?.items
          .filter(({ hijri }) => hijri)
          .map((feast) => (
            <MoonDay key={feast.key} feast={feast} />
          ))}
      </ul>
    </Panel>
  );
}

function MoonDay({ feast }: { feast: Feast }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const cache = useQueryClient();
  const writes = useMay("occasions.greetings.write");
  const nameOf = useFeastName();
  const shift = useShift();
  // What was chosen is shown until the calendar is read with it.
  const { mutate, isPending, variables } = useMutation({
    mutationFn: (body: Schema["NewFeastShift"]) => ok(api.PUT("/v1/feast-shifts", { body }) as never),
    onSuccess: () => {
      say(t("occasions.said.settings"));
      return cache.invalidateQueries({ queryKey: ["occasions"] });
    },
    onError: (error) => sayError(sayThrown(error)),
  });
  const next = feast.days[0];
  if (!next) return null;
  return (
    <li className="flex items-center gap-3 border-line px-4 py-1.5 text-sm not-first:border-t max-md:flex-wrap md:px-[18px]">
      <span className="min-w-0 flex-1 truncate font-[560]">{nameOf(feast)}</span>
      <time dateTime={next.day} className="num shrink-0 text-muted">
        {dayAs(next.day, locale, { weekday: "short", day: "numeric", month: "long", year: "numeric" })}
      </time>
      <div className="w-44 shrink-0 max-md:w-full">
        <Select
          aria-label={`${t("occasions.moved")}: ${nameOf(feast)}`}
          value={(isPending ? variables.days : next.shift) ?? ""}
          disabled={!writes}
          onChange={({ target }) =>
            mutate({
              feast: feast.key,
              year: next.year,
              ...(target.value !== "" && { days: Number(target.value) }),
            })
          }
        >
          <option value="">{t("occasions.habit")}</option>
          {[-3, -2, -1, 0, 1, 2, 3].map((days) => (
            <option key={days} value={days}>
              {shift(days)}
            </option>
          ))}
        </Select>
      </div>
    </li>
  );
}
