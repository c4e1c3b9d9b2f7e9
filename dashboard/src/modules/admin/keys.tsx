import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleX, Moon, RotateCw, ShieldX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Empty } from "@/ui/states";
import { say } from "@/ui/toast";
import { type Admin, admin, ok, useMay } from "./api";
import { Confirm } from "./confirm";
import { AdminPage } from "./page";
import { Moment, Verdict } from "./parts";
import { type Column, Rows, Table } from "./table";

type Key = Admin["EmbedKey"];
const STATES = {
  active: { tone: "success", icon: CircleCheck },
  retired: { tone: "neutral", icon: Moon },
  revoked: { tone: "danger", icon: CircleX },
} as const;
type State = keyof typeof STATES;

/** The keys that sign what widgets on client websites carry. */
export function KeysPage() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const writes = useMay("platform.keys.write");
  const [rotating, setRotating] = useState(false);
  const [revoking, setRevoking] = useState<Key>();
  const query = useQuery({
    queryKey: ["admin", "keys"],
    queryFn: ({ signal }) => ok(admin.GET("/v1/embed-keys", { signal })),
  });
  const signing = query.data?.find(({ state }) => state === "active");
  const refresh = () => cache.invalidateQueries({ queryKey: ["admin"] });
  const columns: Column<Key>[] = [
    {
      id: "key",
      label: t("admin.embedKey"),
      cell: ({ kid }) => <b className="num font-semibold">{t("admin.keyNumber", { kid })}</b>,
    },
    {
      id: "state",
      label: t("admin.stateLabel"),
      cell: ({ state }) => {
        const known = STATES[state as State];
        const Icon = known?.icon ?? Moon;
        return (
          <Chip tone={known?.tone ?? "neutral"}>
            <Icon aria-hidden="true" />
            {known ? t(`admin.keyState.${state as State}`) : state}
          </Chip>
        );
      },
    },
    {
      id: "does",
      label: t("admin.does"),
      cell: ({ state }) => (
        <span className="text-ink-2">{state in STATES ? t(`admin.keyDoes.${state as State}`) : ""}</span>
      ),
    },
    { id: "made", label: t("admin.made"), end: true, cell: ({ created_at }) => <Moment at={created_at} /> },
  ];
  return (
    <AdminPage title={t("admin.nav.keys")}>
      <Verdict
        title={signing ? t("admin.keySigns", { kid: signing.kid }) : t("admin.nav.keys")}
        text={t("admin.keysText")}
        tools={
          writes && (
            <Button look="primary" icon={<RotateCw />} onClick={() => setRotating(true)}>
              {t("admin.rotate")}
            </Button>
          )
        }
      />
      <div className="px-7 pb-8 max-md:px-4">
        <Rows
          query={query}
          isEmpty={query.data?.length === 0}
          rows={3}
          empty={<Empty title={t("admin.noKeys")}>{t("admin.noKeysText")}</Empty>}
        >
          <Table
            label={t("admin.nav.keys")}
            rows={query.data ?? []}
            keyOf={({ kid }) => `${kid}`}
            columns={columns}
            action={
              writes
                ? (key) =>
                    key.state !== "revoked" && (
                      <Button
                        size="small"
                        look="ghost"
                        icon={<ShieldX />}
                        aria-label={t("admin.revokeOne", { kid: key.kid })}
                        onClick={() => setRevoking(key)}
                      >
                        {t("admin.revoke")}
                      </Button>
                    )
                : undefined
            }
          />
        </Rows>
      </div>
      {rotating && (
        <Confirm
          title={t("admin.rotateTitle")}
          text={t("admin.rotateText")}
          verb={t("admin.rotate")}
          onClose={() => setRotating(false)}
          onDo={async () => {
            const made = await ok(admin.POST("/v1/embed-keys"));
            await refresh();
            say(t("admin.rotated", { kid: made.kid }));
          }}
        />
      )}
      {revoking && (
        <Confirm
          danger
          title={t("admin.revokeOne", { kid: revoking.kid })}
          text={t("admin.revokeText")}
          verb={t("admin.revoke")}
          onClose={() => setRevoking(undefined)}
          onDo={async () => {
            await ok(admin.DELETE("/v1/embed-keys/{kid}", { params: { path: { kid: revoking.kid } } }));
            await refresh();
            say(t("admin.revoked", { kid: revoking.kid }));
          }}
        />
      )}
    </AdminPage>
  );
}
