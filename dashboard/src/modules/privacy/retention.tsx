import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { FieldFrame, Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";

const YEAR = 365;
const YEARS = [1, 2, 3, 5, 10];

const retention = queryOptions({
  queryKey: ["retention"],
  queryFn: ({ signal }) => ok(api.GET("/v1/retention", { signal })),
});

/** How many contacts a choice would erase now. */
const preview = (contact_days: number) =>
  queryOptions({
    queryKey: ["retention", "preview", contact_days],
    queryFn: ({ signal }) => ok(api.GET("/v1/retention/preview", { params: { query: { contact_days } }, signal })),
    enabled: contact_days > 0,
  });

/** How long contacts are kept with whom nothing happens any more. */
export function RetentionPanel() {
  const { t } = useTranslation();
  const query = useQuery(retention);
  return (
    <Panel title={t("privacy.retention.title")}>
      <p className="-mt-2 mb-3 max-w-[68ch] text-[12.5px] text-muted">{t("privacy.retention.lead")}</p>
      {query.isPending ? (
        <SkeletonRows rows={1} />
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Rule key={query.data.version} base={query.data} />
      )}
    </Panel>
  );
}

function Rule({ base }: { base: Schema["Retention"] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const id = useId();
  const writes = useMe()?.grants["privacy.requests.write"] === "all";
  const first = base.contact_days ?? 0;
  const [days, setDays] = useState(first);
  const [asking, setAsking] = useState(false);
  const counted = useQuery(preview(days));
  const save = useMutation({
    mutationFn: () => {
      const body = days > 0 ? { contact_days: days } : {};
      return ok(api.PUT("/v1/retention", { params: { header: ifMatch(base.version) }, body }));
    },
    onSuccess: (fresh) => {
      setAsking(false);
      cache.setQueryData(retention.queryKey, fresh);
      say(t("privacy.retention.saved"));
    },
    onError: (error) => {
      setAsking(false);
      sayError(sayThrown(error));
      void cache.invalidateQueries({ queryKey: retention.queryKey, exact: true });
    },
  });
  const choices = YEARS.map((years) => years * YEAR);
  const named = (choice: number) =>
    choice % YEAR === 0
      ? t("privacy.retention.years", { count: choice / YEAR })
      : t("privacy.retention.days", { count: choice });
  const found = counted.isError
    ? sayThrown(counted.error)
    : counted.data &&
      (counted.data.is_more
        ? t("privacy.retention.foundMore", { number: formats.count(counted.data.contacts) })
        : t("privacy.retention.found", { count: counted.data.contacts }));
  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <FieldFrame id={id} label={t("privacy.retention.after")} className="w-[260px] max-w-full">
          <Select
            id={id}
            value={days}
            disabled={!writes}
            aria-describedby={`${id}-found`}
            onChange={(event) => setDays(Number(event.target.value))}
          >
            <option value={0}>{t("privacy.retention.never")}</option>
            {[...new Set([...choices, ...(first > 0 ? [first] : [])])]
              .sort((a, b) => a - b)
              .map((choice) => (
                <option key={choice} value={choice}>
                  {named(choice)}
                </option>
              ))}
          </Select>
        </FieldFrame>
        {writes && days !== first && (
          <Button
            writes
            look="primary"
            busy={save.isPending || (days > 0 && counted.isPending)}
            onClick={() => (days > 0 ? setAsking(true) : save.mutate())}
          >
            {t("action.save")}
          </Button>
        )}
      </div>
      <p id={`${id}-found`} aria-live="polite" className="mt-2 min-h-5 text-sm text-ink-2">
        {days > 0 && found}
      </p>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t("privacy.retention.sure", { span: named(days) })}
        lead={t("privacy.retention.sureText")}
        action={t("privacy.retention.begin")}
        busy={save.isPending}
        onConfirm={() => save.mutate()}
      >
        <p className="text-sm">{found}</p>
      </Confirm>
    </>
  );
}
