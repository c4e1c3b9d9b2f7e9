import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/keys";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { ExportButton } from "@/ui/export";
import { Empty } from "@/ui/states";
import { type Admin, admin, ok, plans, useMay } from "./api";
import { hasKey } from "./names";
import { AdminPage } from "./page";
import { money } from "@/ui/money";
import { Filters } from "./parts";
import { PlanDialog } from "./plan-form";
import { type Column, Rows, Table } from "./table";

type Plan = Admin["PlatformPlan"];

const load = () => ok(admin.GET("/v1/plans/export", { parseAs: "blob" }));

export function PlansPage() {
  const { t } = useTranslation();
  const formats = useFormats();
  const writes = useMay("platform.settings.write");
  const query = useQuery(plans);
  const [open, setOpen] = useState<Plan | "new">();
  useShortcuts(writes ? [{ keys: "n", label: t("admin.newPlan"), run: () => setOpen("new") }] : []);
  const add = writes && (
    <Button look="primary" icon={<Plus />} onClick={() => setOpen("new")}>
      {t("admin.newPlan")}
    </Button>
  );
  const columns: Column<Plan>[] = [
    {
      id: "name",
      label: t("field.name"),
      cell: (plan) => (
        <span className="block min-w-0">
          <b className="block truncate font-semibold">
            <bdi>{plan.name}</bdi>
          </b>
          <span className="block truncate text-[12.5px] text-muted">
            <code className="font-mono text-[11.5px]">{plan.key}</code>
            {plan.description && <bdi> · {plan.description}</bdi>}
          </span>
        </span>
      ),
    },
    {
      id: "state",
      label: t("admin.stateLabel"),
      cell: (plan) => (
        <Chip tone={plan.active ? "success" : "neutral"}>
          {plan.active ? t("admin.offered") : t("admin.withdrawn")}
        </Chip>
      ),
    },
    {
      id: "price",
      label: t("admin.priceMonth"),
      end: true,
      cell: (plan) => money(plan.price_minor, plan.currency, formats.locale),
    },
    {
      id: "trial",
      label: t("admin.trial"),
      end: true,
      cell: (plan) => t("admin.trialDays", { count: plan.trial_days }),
    },
    {
      id: "modules",
      label: t("admin.modules"),
      cell: (plan) => (
        <span className="text-ink-2">
          {Array.isArray(plan.modules)
            ? formats.list(plan.modules.map((module) => hasKey(t, `module.${module}`) ?? `${module}`)) || "–"
            : t("admin.allModules")}
        </span>
      ),
    },
    {
      id: "limits",
      label: t("admin.limits"),
      roomy: true,
      cell: (plan) => {
        const limits = Object.entries((plan.limits ?? {}) as Record<string, number>);
        return (
          <span className="text-[12.5px] text-ink-2">
            {limits.length === 0
              ? t("admin.noLimits")
              : limits
                  // A figure stays beside what it limits.
                  .map(([name, most]) =>
                    `${hasKey(t, `admin.limit.${name}`) ?? name} ${formats.count(most)}`.replaceAll(" ", "\u00a0"),
                  )
                  .join(" · ")}
          </span>
        );
      },
    },
    { id: "accounts", label: t("admin.accounts"), end: true, cell: (plan) => formats.count(plan.accounts) },
  ];
  return (
    <AdminPage title={t("admin.nav.plans")}>
      <Filters>
        <p className="min-w-0 text-sm text-muted">{t("admin.plansText")}</p>
        <span className="flex-1" />
        <ExportButton name="plans" load={load} />
        {add}
      </Filters>
      <div className="px-7 pb-8 max-md:px-4">
        <Rows
          query={query}
          isEmpty={query.data?.length === 0}
          rows={4}
          empty={
            <Empty title={t("admin.noPlans")} actions={add}>
              {t("admin.plansText")}
            </Empty>
          }
        >
          <Table
            label={t("admin.nav.plans")}
            rows={query.data ?? []}
            keyOf={(plan) => plan.id}
            columns={columns}
            action={
              writes
                ? (plan) => (
                    <Button
                      size="small"
                      icon={<Pencil />}
                      aria-label={t("admin.editOne", { name: plan.name })}
                      onClick={() => setOpen(plan)}
                    >
                      {t("admin.edit")}
                    </Button>
                  )
                : undefined
            }
          />
        </Rows>
      </div>
      {open && <PlanDialog plan={open === "new" ? undefined : open} onClose={() => setOpen(undefined)} />}
    </AdminPage>
  );
}
