import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { singleKeys, useShortcuts } from "@/app/keys";
import { may, type Me } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { useMinute } from "@/sky/base/useMinute";
import { Sky } from "@/sky/Sky/Sky";
import { useGo, useHas } from "@/ui/go";
import { plannedOf, timedTasks, today } from "../data";
import { Greeting } from "../greeting";
import { bodiesOf, constellationOf, nowAmong, starsOf } from "./stars";
import { Verdict } from "./verdict";

const NONE: [] = [];

/** The day as a sky, with the greeting and the verdict in it. */
export function Hero({ me, name, fallback }: { me: Me; name: string | undefined; fallback: ReactNode }) {
  const { t, i18n } = useTranslation();
  const { zone, dayKey } = useFormats();
  const minute = useMinute();
  const go = useGo();
  const has = useHas();
  const date = dayKey(new Date(minute));
  const { data } = useQuery({ ...today(date), enabled: may(me, "activities.read") && zone !== undefined });
  const tasks = useQuery({
    ...timedTasks(date, me.user?.id),
    enabled: may(me, "tasks.read") && zone !== undefined,
  }).data;
  const stars = useMemo(() => (data ? starsOf(data, t, has) : NONE), [data, i18n.language]);
  const busiest = useMemo(() => (data ? constellationOf(data, t) : undefined), [data, i18n.language]);
  const plans = data?.plans;
  const bodies = useMemo(() => bodiesOf(plannedOf(plans ?? NONE, tasks ?? NONE, minute)), [plans, tasks]);
  useShortcuts([{ keys: "l", label: t("home.listKey"), run: () => undefined, listed: "only" }]);
  if (!zone) return fallback;
  return (
    <Sky
      now={nowAmong(data, minute)}
      zone={zone}
      stars={stars}
      bodies={bodies}
      {...(busiest && { constellation: busiest })}
      shortcut={singleKeys.on}
      onOpen={go}
    >
      <Greeting name={name}>
        <Verdict me={me} />
      </Greeting>
    </Sky>
  );
}
