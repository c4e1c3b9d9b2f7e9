import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useMe } from "@/app/may";
import { ApiProblem } from "@/api/problem";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { dayInFull } from "@/modules/tasks/when";
import { Button, IconButton } from "@/ui/button";
import { FieldFrame } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { type Holiday, holidays } from "../data";

/** Days on which nobody works. */
export function DaysOff() {
  const { t } = useTranslation();
  const query = useQuery(holidays);
  const writes = useMe()?.grants["followups.write"] === "all";
  const changes = useHolidayChanges();
  return (
    <Panel bare title={t("followups.holidays.title")}>
      {writes && <Add changes={changes} />}
      {query.isPending ? (
        <SkeletonRows rows={2} />
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.length === 0 ? (
        <p className="px-[18px] py-3 text-sm text-muted max-md:px-4">{t("followups.holidays.empty")}</p>
      ) : (
        <ul className="divide-y divide-line">
          {query.data.map((one) => (
            <Row key={one.id} one={one} writes={writes} onRemove={() => changes.remove.mutate(one)} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Row({ one, writes, onRemove }: { one: Holiday; writes: boolean; onRemove: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <li className="flex min-h-11 items-center gap-3 px-[18px] py-1.5 text-sm max-md:px-4">
      <time dateTime={one.day} className="num w-36 shrink-0 text-ink-2">
        {dayInFull(one.day, formats.locale)}
      </time>
      <span className="min-w-0 flex-1 truncate">
        <bdi>{one.name}</bdi>
        {one.yearly && <span className="text-muted"> · {t("followups.holidays.yearly")}</span>}
      </span>
      {writes && (
        <IconButton small label={t("followups.holidays.remove", { name: one.name })} onClick={onRemove}>
          <Trash2 />
        </IconButton>
      )}
    </li>
  );
}

type Changes = ReturnType<typeof useHolidayChanges>;

function useHolidayChanges() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const done = () => cache.invalidateQueries({ queryKey: holidays.queryKey });
  const onError = (error: unknown) => {
    const known = error instanceof ApiProblem && error.code === "holiday_known";
    sayError(known ? t("followups.holidays.known") : sayThrown(error));
  };
  const add = useMutation({
    mutationFn: (body: Schema["NewHoliday"]) => ok(api.POST("/v1/holidays", { body })),
    onSuccess: done,
    onError,
  });
  const remove = useMutation({
    mutationFn: ({ id }: Holiday) => ok(api.DELETE("/v1/holidays/{id}", { params: { path: { id } } })),
    onSuccess: (_, { day, name, yearly }) => {
      void done();
      say(t("followups.said.removed", { name }), { undo: () => add.mutate({ day, name, yearly }) });
    },
    onError,
  });
  return { add, remove };
}

function Add({ changes: { add } }: { changes: Changes }) {
  const { t } = useTranslation();
  const ids = { day: useId(), name: useId() };
  const [day, setDay] = useState("");
  const [name, setName] = useState("");
  const [yearly, setYearly] = useState(false);
  return (
    <form
      className="grid grid-cols-[160px_minmax(0,1fr)_auto_auto] items-end gap-3 border-line border-b px-[18px] pt-2 pb-3.5 max-sm:grid-cols-1 max-md:px-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!day || !name.trim() || add.isPending) return;
        add.mutate(
          { day, name: name.trim(), yearly },
          {
            onSuccess: () => {
              setDay("");
              setName("");
            },
          },
        );
      }}
    >
      <FieldFrame id={ids.day} label={t("followups.holidays.day")}>
        <input
          id={ids.day}
          type="date"
          value={day}
          onChange={(event) => setDay(event.target.value)}
          className={`${inputLook} ${inputHeight}`}
        />
      </FieldFrame>
      <FieldFrame id={ids.name} label={t("followups.holidays.name")}>
        <input
          id={ids.name}
          value={name}
          dir="auto"
          maxLength={100}
          onChange={(event) => setName(event.target.value)}
          className={`${inputLook} ${inputHeight}`}
        />
      </FieldFrame>
      <label className="flex min-h-9 items-center gap-2 text-sm coarse:min-h-11">
        <input type="checkbox" checked={yearly} onChange={(event) => setYearly(event.target.checked)} />
        {t("followups.holidays.yearly")}
      </label>
      <Button writes type="submit" busy={add.isPending} disabled={!day || !name.trim()}>
        {t("followups.holidays.add")}
      </Button>
    </form>
  );
}
