import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { hasKey } from "@/modules/admin/names";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { type Admin, admin, entitlements, ok, useMay } from "./api";

type Wish = "on" | "off" | "plan";
const wishOf = (switched: boolean | null | undefined): Wish =>
  switched === true ? "on" : switched === false ? "off" : "plan";

/** What an account has: by its plan, and by what was said about it alone. */
export function Entitlements({ account: one }: { account: Admin["Account"] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const writes = useMay("platform.settings.write");
  const query = useQuery(entitlements(one.id));
  const switchIt = async (what: "module" | "flag", key: string, wish: Wish) => {
    const body = wish === "plan" ? {} : { enabled: wish === "on" };
    try {
      if (what === "module")
        await ok(
          admin.PUT("/v1/accounts/{id}/modules/{module}", { params: { path: { id: one.id, module: key } }, body }),
        );
      else await ok(admin.PUT("/v1/flags/{key}/tenants/{id}", { params: { path: { id: one.id, key } }, body }));
      say(t("action.saved"));
    } catch (error) {
      sayError(t("error.notSaved"), error instanceof Error ? error.message : undefined);
    }
    await cache.invalidateQueries({ queryKey: ["admin"] });
  };
  if (query.isPending)
    return (
      <Panel title={t("admin.has")} flush>
        <SkeletonRows rows={9} tall />
      </Panel>
    );
  if (!query.data)
    return (
      <Panel title={t("admin.has")} flush>
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      </Panel>
    );
  const { limits, modules, flags, plan } = query.data;
  const limit = Object.entries(limits);
  return (
    <Panel title={t("admin.has")} note={plan ?? t("admin.noPlan")} flush>
      {plan && limit.length === 0 && (
        <p className="px-[18px] pb-3 text-sm text-muted max-md:px-4">{t("admin.noLimits")}</p>
      )}
      <dl className="grid grid-cols-[repeat(auto-fit,minmax(120px,1fr))] gap-x-5 gap-y-3 px-[18px] pb-3 text-sm empty:hidden max-md:px-4">
        {limit.map(([name, most]) => (
          <div key={name}>
            <dt className="text-cap text-muted">{hasKey(t, `admin.limit.${name}`) ?? name}</dt>
            <dd className="num mt-0.5 font-[540]">{formats.count(most)}</dd>
          </div>
        ))}
      </dl>
      <ul>
        {modules.map(({ module, in_plan, switched, on }) => (
          <Line
            key={module}
            name={hasKey(t, `module.${module}`) ?? module}
            note={plan && (in_plan ? t("admin.inPlan") : t("admin.notInPlan"))}
            on={on}
            wish={wishOf(switched)}
            follow={t("admin.byPlan")}
            writes={writes}
            onChange={(wish) => void switchIt("module", module, wish)}
          />
        ))}
        {flags.map(({ key, description, switched, on }) => (
          <Line
            key={key}
            name={key}
            note={description || t("admin.flag")}
            on={on}
            wish={wishOf(switched)}
            follow={t("admin.byShare")}
            writes={writes}
            onChange={(wish) => void switchIt("flag", key, wish)}
          />
        ))}
      </ul>
    </Panel>
  );
}

function Line(props: {
  name: string;
  note: string | null | undefined;
  on: boolean;
  wish: Wish;
  follow: string;
  writes: boolean;
  onChange: (wish: Wish) => void;
}) {
  const { t } = useTranslation();
  const { name, note, on, wish, follow, writes, onChange } = props;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-t px-[18px] py-2.5 max-md:px-4">
      <span className="min-w-0 flex-1 basis-40">
        <b className="block truncate text-[13.5px] font-[570]">{name}</b>
        <span className="block truncate text-[12.5px] text-muted">
          {[on ? t("admin.on") : t("admin.off"), note].filter(Boolean).join(" · ")}
        </span>
      </span>
      {writes && (
        <Segments<Wish>
          label={name}
          value={wish}
          onChange={onChange}
          options={[
            { value: "plan", label: follow },
            { value: "on", label: t("admin.on") },
            { value: "off", label: t("admin.off") },
          ]}
        />
      )}
    </li>
  );
}
