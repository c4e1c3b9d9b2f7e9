import { useQuery } from "@tanstack/react-query";
import { AlarmClock, Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import { useTaskChanges } from "../tasks/changes";
import { task } from "../tasks/data";
import { snoozes } from "../tasks/when";

/** The task is done or put off without leaving the list. */
export function TaskActs({ id }: { id: string }) {
  const { t } = useTranslation();
  const { zone = "UTC" } = useFormats();
  const { data } = useQuery({ ...task(id), retry: false });
  const { complete, snooze } = useTaskChanges();
  if (!data) return null;
  if (data.status !== "open") return <p className="text-[12.5px] text-muted">{t(`tasks.status.${data.status}`)}</p>;
  return (
    <div className="flex flex-wrap gap-2">
      <Button
        writes
        size="small"
        icon={<Check />}
        busy={complete.isPending}
        aria-label={t("tasks.completeOne", { title: data.title })}
        onClick={() => complete.mutate({ task: data })}
      >
        {t("tasks.complete")}
      </Button>
      <Menu
        trigger={
          <Button writes size="small" look="ghost" icon={<AlarmClock />} busy={snooze.isPending}>
            {t("tasks.snooze")}
          </Button>
        }
      >
        {snoozes(zone).map(({ name, until }) => (
          <MenuItem key={name} onClick={() => snooze.mutate({ task: data, until })}>
            {t(`tasks.snoozes.${name}`)}
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}
