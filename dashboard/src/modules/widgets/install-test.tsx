import { useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleHelp, CircleX, Plus, Radar } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, type Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { Panel } from "@/ui/panel";
import { useAllow, type Widget } from "./data";

type Result = Schema["InstallTest"];
const schema = z.object({ url: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(500, "too_long")) });

/** The server looks at a page and says what is missing there. */
export function InstallTest({ widget }: { widget: Widget }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const allowed = useMay("tenants.widgets.write");
  const [result, setResult] = useState<Result>();
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema,
    defaults: { url: "" },
    submit: async ({ url }) => {
      const full = /^[a-z]+:\/\//i.test(url) ? url : `https://${url}`;
      const answer = await ok(
        api.POST("/v1/widgets/{id}/install-tests", { params: { path: { id: widget.id } }, body: { url: full } }),
      );
      setResult(answer);
      void cache.invalidateQueries({ queryKey: ["widgets", "one", widget.id] });
    },
  });
  if (!allowed) return null;
  return (
    <Panel title={t("widgets.test")} note={t("widgets.testNote")}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        <div className="flex items-start gap-2.5">
          <TextField
            form={form}
            name="url"
            type="url"
            inputMode="url"
            label={t("widgets.page")}
            placeholder="https://www.example.com/contact"
            dir="ltr"
            frameClass="min-w-0 flex-1"
          />
          <Button
            type="submit"
            icon={<Radar />}
            busy={busy}
            disabled={waiting > 0}
            className="mt-[25px] h-[38px]! max-md:h-11!"
          >
            {t("widgets.testRun")}
          </Button>
        </div>
        {trouble}
      </form>
      <div role="status">{result && <Verdict result={result} widget={widget} onAllowed={() => onSubmit()} />}</div>
    </Panel>
  );
}

const LOOK = {
  ok: { icon: CircleCheck, tone: "text-success-text" },
  failed: { icon: CircleX, tone: "text-danger-text" },
  unknown: { icon: CircleHelp, tone: "text-muted" },
} as const;

function Verdict({ result, widget, onAllowed }: { result: Result; widget: Widget; onAllowed: () => void }) {
  const { t } = useTranslation();
  const allow = useAllow();
  const failed = result.checks.filter(({ state }) => state === "failed").length;
  const unknown = result.checks.some(({ state }) => state === "unknown");
  return (
    <section aria-label={t("widgets.verdict")} className="mt-4">
      <p
        className={`rounded-[12px] px-3.5 py-2.5 text-sm font-[570] ${failed > 0 ? "bg-danger-soft" : unknown ? "bg-warning-soft" : "bg-success-soft"}`}
      >
        {failed > 0 ? t("widgets.notReady", { count: failed }) : unknown ? t("widgets.readyMaybe") : t("widgets.ready")}
        <bdi dir="ltr" className="block truncate font-[420] text-ink-2">
          {result.url}
        </bdi>
      </p>
      <ul className="mt-2 divide-y divide-line">
        {result.checks.map(({ name, state, detail }) => {
          const { icon: Icon, tone } = LOOK[state];
          return (
            <li key={name} className="flex items-start gap-2.5 py-2">
              <Icon aria-hidden="true" className={`mt-0.5 size-[18px] shrink-0 ${tone}`} />
              <span className="min-w-0 flex-1">
                <span className="block text-[13.5px] font-[570]">
                  {t(`widgets.checks.${name}`)}
                  <span className={`ms-2 text-[12.5px] font-[460] ${tone}`}>{t(`widgets.checkStates.${state}`)}</span>
                </span>
                <bdi lang="en" className="block text-[12.5px] break-words text-muted">
                  {detail}
                </bdi>
              </span>
              {name === "website" && state === "failed" && (
                <Button
                  size="small"
                  icon={<Plus />}
                  busy={allow.isPending}
                  onClick={() =>
                    allow.mutate({ origin: result.origin, widget_id: widget.id }, { onSuccess: onAllowed })
                  }
                >
                  {t("widgets.allow")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
