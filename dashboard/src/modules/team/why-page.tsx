import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CircleCheck, CircleX } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { rowsOf } from "@/api/pages";
import { useMay, useMe } from "@/app/may";
import { Section } from "@/modules/settings/section";
import { FieldFrame, Select } from "@/ui/field";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { permissions, roles, team } from "./data";
import { useModuleName } from "./modules";

/** Why somebody may do something, or not: chosen in the address, so that it can be sent to somebody. */
export function WhyPage() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { who, what, owner } = useSearch({ strict: false });
  const reads = useMay("identity.members.read");
  const people = rowsOf(useInfiniteQuery({ ...team, enabled: reads }).data);
  const known = useQuery(permissions).data?.items ?? [];
  const name = useModuleName();
  const choose = (next: { who?: string; what?: string; owner?: string }) => {
    const search = { who, what, owner, ...next };
    const given = Object.fromEntries(Object.entries(search).filter(([, value]) => value));
    void navigate({ to: "/settings/why", search: given, replace: true });
  };
  const [whoId, whatId, ownerId] = [useId(), useId(), useId()];
  const modules = [...new Set(known.map(({ module }) => module))];
  return (
    <Section id="access">
      <Panel>
        <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
          <FieldFrame id={whoId} label={t("team.who")}>
            <Select id={whoId} value={who ?? ""} onChange={(event) => choose({ who: event.target.value })}>
              <option value="">{t("team.me", { name: me?.user?.name ?? me?.tenant.name ?? "" })}</option>
              {people
                .filter(({ id }) => id !== me?.user?.id)
                .map((person) => (
                  <option key={person.id} value={person.id}>
                    {person.name}
                  </option>
                ))}
            </Select>
          </FieldFrame>
          <FieldFrame id={whatId} label={t("team.what")}>
            <Select id={whatId} value={what ?? ""} onChange={(event) => choose({ what: event.target.value })}>
              <option value="">{t("team.chooseWhat")}</option>
              {modules.map((module) => (
                <optgroup key={module} label={name(module)}>
                  {known
                    .filter((one) => one.module === module)
                    .map((one) => (
                      <option key={one.name} value={one.name}>
                        {one.description.replace(/\.$/, "")}
                      </option>
                    ))}
                </optgroup>
              ))}
            </Select>
          </FieldFrame>
          {people.length > 0 && (
            <FieldFrame id={ownerId} label={t("team.whose")} optional>
              <Select id={ownerId} value={owner ?? ""} onChange={(event) => choose({ owner: event.target.value })}>
                <option value="">{t("team.anyRecord")}</option>
                {people.map((person) => (
                  <option key={person.id} value={person.id}>
                    {person.name}
                  </option>
                ))}
              </Select>
            </FieldFrame>
          )}
        </div>
      </Panel>
      {what && (
        <Answer
          ask={{ permission: what, ...(who && { user: who }), ...(owner && { owner }) }}
          name={people.find(({ id }) => id === who)?.name ?? me?.user?.name ?? me?.tenant.name ?? ""}
          action={known.find((one) => one.name === what)?.description.replace(/\.$/, "") ?? what}
        />
      )}
    </Section>
  );
}

function Answer(props: { ask: { permission: string; user?: string; owner?: string }; name: string; action: string }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["access", props.ask],
    queryFn: ({ signal }) => ok(api.GET("/v1/access", { params: { query: props.ask }, signal })),
  });
  if (query.isPending)
    return (
      <Panel bare>
        <SkeletonRows rows={2} />
      </Panel>
    );
  if (!query.data)
    return (
      <Panel bare>
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      </Panel>
    );
  const { allowed, level, because } = query.data;
  const said = { name: props.name, action: props.action };
  return (
    <Panel label={t("team.answer")}>
      <div role="status">
        <p className="flex items-start gap-2.5 text-[15px] font-[590]">
          {allowed ? (
            <CircleCheck aria-hidden="true" className="mt-0.5 size-[18px] shrink-0 text-success-text" />
          ) : (
            <CircleX aria-hidden="true" className="mt-0.5 size-[18px] shrink-0 text-danger-text" />
          )}
          <span className="min-w-0 break-words">{allowed ? t("team.mayDo", said) : t("team.mayNotDo", said)}</span>
        </p>
        <p className="mt-1 ps-7 text-sm text-muted">{t(`team.reachText.${level}`)}</p>
      </div>
      <ol className="mt-4 flex flex-col gap-2.5 border-line border-s ps-4">
        {because.map((reason, index) => (
          <li key={`${index} ${reason.code}`} className="text-sm">
            <Because reason={reason} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const CODES = [
  "no_role",
  "not_a_member",
  "member_disabled",
  "through_agency",
  "api_key",
  "impersonation",
  "read_only",
  "module_off",
  "tenant_state",
  "reach_all",
  "owner_self",
  "owner_same_team",
  "not_owner",
] as const;
type Code = (typeof CODES)[number];

function Because({ reason }: { reason: Schema["Reason"] }) {
  const { t } = useTranslation();
  const known = useQuery(roles).data?.items ?? [];
  if (reason.code === "role") {
    const held = known.find(({ id }) => id === reason.role);
    const gives = t(`team.reach.${reason.level ?? "no"}`);
    return (
      <>
        {t("team.because.role")}{" "}
        {held ? (
          <Link to="/settings/roles/$id" params={{ id: held.id }}>
            {held.name}
          </Link>
        ) : (
          reason.detail
        )}{" "}
        {reason.pattern
          ? t("team.because.gives", { reach: gives, pattern: reason.pattern })
          : t("team.because.nothing")}
      </>
    );
  }
  const code = CODES.find((one): one is Code => one === (reason.code === "owner_other" ? "not_owner" : reason.code));
  return code ? t(`team.because.${code}`) : reason.detail;
}
