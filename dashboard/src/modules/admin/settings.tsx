import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, Unreachable } from "@/api/problem";
import { sayProblem } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { FieldFrame } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { say } from "@/ui/toast";
import { type Admin, admin, ok, plans, useMay } from "./api";
import { hasKey } from "./names";
import { AdminPage } from "./page";
import { Moment } from "./parts";

type Setting = Admin["SettingView"];

export function SettingsPage() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["admin", "settings"],
    queryFn: ({ signal }) => ok(admin.GET("/v1/settings", { signal })),
  });
  return (
    <AdminPage title={t("admin.nav.settings")}>
      <div className="px-7 pt-4 pb-8 max-md:px-4">
        <Panel bare className="max-w-[860px]">
          {query.isPending ? (
            <SkeletonRows rows={3} tall />
          ) : !query.data ? (
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <ul>
              {query.data.map((setting) => (
                <li
                  key={setting.key}
                  className="grid grid-cols-[minmax(0,1fr)_minmax(240px,320px)] items-start gap-x-8 gap-y-3 border-line border-b px-[18px] py-4 last:border-0 max-md:grid-cols-1 max-md:px-4"
                >
                  <div className="min-w-0">
                    <h2 className="text-[14px] font-semibold">
                      {hasKey(t, `admin.setting.${dashed(setting.key)}`) ?? setting.key}
                    </h2>
                    <p className="mt-0.5 text-sm text-ink-2">
                      {hasKey(t, `admin.settingText.${dashed(setting.key)}`) ?? setting.description}
                    </p>
                    <p className="mt-1 text-[12.5px] text-muted">
                      <code className="font-mono text-[11.5px]">{setting.key}</code> · {t("admin.changed")}{" "}
                      <Moment at={setting.updated_at} />
                    </p>
                  </div>
                  {/* What somebody else saved meanwhile is what is edited from then on. */}
                  <Editor key={setting.updated_at} setting={setting} />
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
    </AdminPage>
  );
}

const dashed = (key: string) => key.replaceAll(".", "_");
const written = (value: unknown): string =>
  value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);

/** What was typed as the setting takes it, or why it cannot be one. */
export function readValue(kind: Setting["kind"], text: string): { value?: unknown; problem?: string } {
  const trimmed = text.trim();
  switch (kind) {
    case "plan":
      return { value: trimmed === "" ? null : trimmed };
    case "number":
      return trimmed !== "" && Number.isFinite(Number(trimmed)) ? { value: Number(trimmed) } : { problem: "number" };
    case "json":
      try {
        return { value: JSON.parse(trimmed) };
      } catch {
        return { problem: "json" };
      }
    default:
      return { value: text };
  }
}

function Editor({ setting }: { setting: Setting }) {
  const { t } = useTranslation();
  const id = useId();
  const cache = useQueryClient();
  const writes = useMay("platform.settings.write");
  const known = useQuery({ ...plans, enabled: setting.kind === "plan" }).data ?? [];
  const [text, setText] = useState(written(setting.value));
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const { key, kind } = setting;
  const save = async (value: unknown, undo?: unknown) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await ok(admin.PUT("/v1/settings/{key}", { params: { path: { key } }, body: { value } }));
      say(t("action.saved"), undo === undefined ? {} : { undo: () => void save(undo) });
      await cache.invalidateQueries({ queryKey: ["admin"] });
    } catch (error) {
      const field = error instanceof ApiProblem ? error.fields[0] : undefined;
      setProblem(
        field
          ? sayProblem(field.code, field.detail)
          : error instanceof ApiProblem
            ? sayProblem(error.code, error.detail)
            : error instanceof Unreachable
              ? t("error.unreachable")
              : t("error.unknown"),
      );
    } finally {
      setBusy(false);
    }
  };
  if (kind === "switch") {
    const on = setting.value === true;
    return (
      <div>
        <Switch
          label={on ? t("admin.on") : t("admin.off")}
          checked={on}
          disabled={!writes || busy}
          onChange={(next) => void save(next, on)}
        />
        {problem && <Refused>{problem}</Refused>}
      </div>
    );
  }
  const submit = () => {
    const read = readValue(kind, text);
    if (read.problem) setProblem(sayProblem(read.problem));
    else void save(read.value, setting.value ?? null);
  };
  const attributes = {
    id,
    value: text,
    disabled: !writes,
    "aria-invalid": problem ? (true as const) : undefined,
    "aria-describedby": problem ? `${id}-say` : undefined,
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="flex items-end gap-2"
    >
      <FieldFrame id={id} label={t("admin.value")} error={problem} className="min-w-0 flex-1">
        {kind === "json" ? (
          <textarea
            {...attributes}
            rows={3}
            dir="ltr"
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
            className={`${inputLook} py-2 font-mono text-[12px]`}
          />
        ) : (
          <input
            {...attributes}
            list={kind === "plan" ? `${id}-plans` : undefined}
            inputMode={kind === "number" ? "decimal" : undefined}
            placeholder={kind === "plan" ? t("admin.noPlanChoice") : undefined}
            dir="ltr"
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setText(event.target.value)}
            className={`${inputLook} ${inputHeight}`}
          />
        )}
        {kind === "plan" && (
          <datalist id={`${id}-plans`}>
            {known
              .filter(({ active }) => active)
              .map((plan) => (
                <option key={plan.id} value={plan.key}>
                  {plan.name}
                </option>
              ))}
          </datalist>
        )}
      </FieldFrame>
      {writes && (
        <Button
          type="submit"
          busy={busy}
          disabled={text === written(setting.value)}
          className={problem ? "mb-[22px]" : ""}
        >
          {t("action.save")}
        </Button>
      )}
    </form>
  );
}

const Refused = ({ children }: { children: ReactNode }) => (
  <p role="alert" className="mt-1.5 text-cap text-danger-text">
    {children}
  </p>
);
