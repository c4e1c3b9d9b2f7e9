import { useQueryClient } from "@tanstack/react-query";
import { Eye, LogOut, Pencil } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { type Admin, admin, ok, exported, useList, useMay } from "./api";
import { AdminPage } from "./page";
import { Filters, Moment, Who } from "./parts";
import { type Column, Rows, Table } from "./table";

type Row = Admin["ImpersonationView"];
type Which = "all" | "admin" | "user";

const goesOn = ({ ended_at, expires_at }: Row): boolean => !ended_at && Date.parse(expires_at) > Date.now();

/** Who worked in whose place, and who does now. */
export function ImpersonationsPage() {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const ends = useMay("identity.impersonate");
  const [which, setWhich] = useState<Which>("all");
  const filter = which === "all" ? {} : { filter: [`impersonator_kind:eq:${which}`] };
  const query = useList("/v1/impersonations", filter, 15_000);
  const end = async ({ id, tenant, tenant_name }: Row) => {
    try {
      await ok(admin.DELETE("/v1/accounts/{tenant}/impersonations/{id}", { params: { path: { tenant, id } } }));
      say(t("admin.ended", { name: tenant_name }));
    } catch (error) {
      sayError(t("error.notSaved"), error instanceof Error ? error.message : undefined);
    }
    await cache.invalidateQueries({ queryKey: ["admin", "impersonations"] });
  };
  const columns: Column<Row>[] = [
    {
      id: "where",
      label: t("admin.account"),
      cell: (row) => (
        <Who
          id={row.tenant}
          name={row.tenant_name}
          note={row.member ? t("admin.asMember", { name: row.member }) : t("admin.wholeAccount")}
        />
      ),
    },
    {
      id: "state",
      label: t("admin.stateLabel"),
      cell: (row) =>
        goesOn(row) ? (
          <Chip tone="sun">{t("admin.until", { time: formats.time(row.expires_at) })}</Chip>
        ) : (
          <Chip>{row.ended_at ? t("admin.left") : t("admin.timeUp")}</Chip>
        ),
    },
    {
      id: "who",
      label: t("admin.who"),
      cell: (row) => (
        <span className="block max-w-56 truncate">
          <bdi>{row.impersonator}</bdi>
          <span className="text-muted">
            {" "}
            · {row.impersonator_kind === "admin" ? t("admin.ofPlatform") : t("admin.agency")}
          </span>
        </span>
      ),
    },
    {
      id: "mode",
      label: t("admin.mode"),
      cell: (row) => (
        <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-ink-2 [&_svg]:size-3.5">
          {row.may_act ? <Pencil aria-hidden="true" /> : <Eye aria-hidden="true" />}
          {row.may_act ? t("admin.acts") : t("admin.looks")}
        </span>
      ),
    },
    {
      id: "reason",
      label: t("admin.reason"),
      cell: (row) => (
        <bdi className="line-clamp-2 max-w-72 text-[12.5px] break-words" title={row.reason}>
          {row.reason}
        </bdi>
      ),
    },
    { id: "at", label: t("admin.began"), end: true, cell: (row) => <Moment at={row.created_at} /> },
  ];
  return (
    <AdminPage title={t("admin.nav.impersonations")}>
      <Filters file={{ name: "impersonations", load: () => exported("/v1/impersonations", filter) }}>
        <Segments<Which>
          label={t("admin.who")}
          value={which}
          onChange={setWhich}
          options={[
            { value: "all", label: t("admin.all") },
            { value: "admin", label: t("admin.byPlatform") },
            { value: "user", label: t("admin.byAgencies") },
          ]}
        />
      </Filters>
      <div className="px-7 pb-8 max-md:px-4">
        <Rows
          query={query}
          isEmpty={query.rows.length === 0}
          empty={<Empty title={t("admin.noImpersonations")}>{t("admin.noImpersonationsText")}</Empty>}
        >
          <Table
            label={t("admin.nav.impersonations")}
            rows={query.rows}
            keyOf={({ id }) => id}
            columns={columns}
            action={
              ends
                ? (row) =>
                    goesOn(row) && (
                      <Button
                        size="small"
                        icon={<LogOut />}
                        aria-label={t("admin.endOne", { name: row.tenant_name })}
                        onClick={() => void end(row)}
                      >
                        {t("admin.end")}
                      </Button>
                    )
                : undefined
            }
          />
        </Rows>
      </div>
    </AdminPage>
  );
}
