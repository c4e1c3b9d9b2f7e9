import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { useFormats } from "@/i18n/format";
import { Button, Ring } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Panel } from "@/ui/panel";
import { type Import, useChange } from "./data";
import { bringsOf, Feet, Figures, SegmentGone, useBrought } from "./parts";
import { Reasons } from "./reasons";

/** The fourth step: what would happen, tried without writing; then it happens. */
export function Start({ item, onBack }: { item: Import; onBack: () => void }) {
  const { t } = useTranslation();
  const [again, setAgain] = useState(false);
  const path = { params: { path: { id: item.id } } };
  const check = useChange(item.id, t("imports.step.start"), () => ok(api.POST("/v1/contact-imports/{id}/check", path)));
  const start = useChange(item.id, t("imports.start"), async (twice: boolean) => {
    try {
      return await ok(api.POST("/v1/contact-imports/{id}/start", { ...path, body: { again: twice } }));
    } catch (error) {
      // Whether the same shall come again, a person says.
      if (!(error instanceof ApiProblem) || error.code !== "file_imported") throw error;
      setAgain(true);
      return item;
    }
  });
  // Tried once when one comes here, and again after every change.
  const asked = useRef<number>(undefined);
  const { mutate } = check;
  useEffect(() => {
    if (item.state !== "draft" || asked.current === item.version) return;
    asked.current = item.version;
    mutate(undefined);
  }, [item.state, item.version, mutate]);
  const found = item.check;
  // A start would overtake the try that is on its way; it stands open when that could not be asked for.
  const waits = item.state === "checking" || (item.state === "draft" && !check.isError);
  return (
    <>
      <Panel title={t("imports.check")} note={t("imports.checkNote")}>
        {/* As high as what comes: nothing below moves under a finger. */}
        <div className={bringsOf(item).length > 0 ? "min-h-28 max-md:min-h-91" : "min-h-16 max-md:min-h-61"}>
          {found ? (
            <Found item={item} found={found} />
          ) : (
            <p role="status" className="flex items-center gap-2.5 text-sm text-ink-2">
              <Ring className="size-4" />
              {t("imports.checking", { count: Math.min(item.rows_total, 20_000) })}
            </p>
          )}
        </div>
      </Panel>
      <p className="text-[12.5px] text-muted">{t("imports.promise")}</p>
      <Feet>
        <Button look="ghost" onClick={onBack}>
          {t("action.back")}
        </Button>
        <Button look="primary" writes busy={start.isPending} disabled={waits} onClick={() => start.mutate(false)}>
          {t("imports.startRows", { count: item.rows_total })}
        </Button>
      </Feet>
      <Confirm
        open={again}
        onClose={() => setAgain(false)}
        look="primary"
        title={t("imports.againTitle")}
        lead={t("imports.againText")}
        action={t("imports.again")}
        busy={start.isPending}
        onConfirm={() => start.mutate(true, { onSuccess: () => setAgain(false) })}
      />
    </>
  );
}

function Found({ item, found }: { item: Import; found: NonNullable<Import["check"]> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const brought = useBrought(item, found.brought);
  return (
    <div role="status" className="flex flex-col gap-4">
      <Figures
        of={[
          { label: t("imports.count.created"), value: found.created },
          { label: t("imports.count.updated"), value: found.updated },
          { label: t("imports.count.unchanged"), value: found.unchanged },
          { label: t("imports.count.skipped"), value: found.skipped, tone: "warning" },
          { label: t("imports.count.failed"), value: found.failed, tone: "danger" },
          ...brought,
        ]}
      />
      <SegmentGone brought={found.brought} />
      {!found.complete && (
        <p className="text-sm text-warning-text">
          {t("imports.sample", {
            rows: formats.count(found.rows),
            total: formats.count(item.rows_total),
          })}
        </p>
      )}
      <Reasons items={found.reasons} />
    </div>
  );
}
