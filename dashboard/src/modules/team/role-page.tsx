import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Copy, Lock, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok } from "@/api/client";
import { rowsOf } from "@/api/pages";
import { hasStatus } from "@/api/problem";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Section } from "@/modules/settings/section";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { Trouble } from "@/ui/form";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { say } from "@/ui/toast";
import { permissions, type Role, role, team, useAgain, useTeamChange } from "./data";
import { differing, type Grants, type Reach, reachOf, withReaches } from "./matrix";
import { NewRole } from "./roles-page";
import { Matrix } from "./role-matrix";

export function RolePage() {
  const { id } = useParams({ strict: false });
  const query = useQuery(role(id ?? ""));
  return (
    <Section id="roles" wide>
      {query.data ? (
        <Editor key={query.data.id} role={query.data} />
      ) : (
        <Panel bare>
          {query.isError ? (
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <SkeletonRows rows={6} />
          )}
        </Panel>
      )}
    </Section>
  );
}

function Editor({ role: one }: { role: Role }) {
  const { t } = useTranslation();
  const writes = useMay("identity.roles.write");
  const known = useQuery(permissions).data?.items ?? [];
  // What is chosen here stands on the role as it is by now: what somebody else changes meanwhile is neither lost nor undone.
  const [chosen, setChosen] = useState<Grants>({});
  const [asking, setAsking] = useState<"copy" | "remove">();
  const grants = withReaches(one.grants as Grants, chosen);
  const names = useMemo(() => known.map(({ name }) => name), [known]);
  const count = differing(one.grants as Grants, grants, names).length;
  const editable = writes && !one.seeded;
  return (
    <>
      <Panel
        title={<bdi>{one.name}</bdi>}
        note={one.seeded ? undefined : t("team.ownRole")}
        more={
          writes && (
            <>
              <Button writes size="small" icon={<Copy />} onClick={() => setAsking("copy")}>
                {t("team.copyRole")}
              </Button>
              {!one.seeded && (
                <Button writes size="small" icon={<Trash2 />} onClick={() => setAsking("remove")}>
                  {t("team.deleteRole")}
                </Button>
              )}
            </>
          )
        }
      >
        <p className="text-sm text-ink-2">{one.description}</p>
        {one.seeded && (
          <p className="mt-2 flex items-center gap-1.5 text-sm text-muted">
            <Lock aria-hidden="true" className="size-3.5" />
            {t("team.locked")}
          </p>
        )}
        <Holders role={one} />
      </Panel>
      <Matrix
        permissions={known}
        grants={grants}
        {...(editable && {
          onChange: (name: string, reach: Reach) => {
            const { [name]: _, ...rest } = chosen;
            setChosen(reachOf(one.grants as Grants, name) === reach ? rest : { ...rest, [name]: reach });
          },
        })}
      />
      {count > 0 && <Save role={one} grants={grants} count={count} onDone={() => setChosen({})} />}
      <Dialog
        open={asking === "copy"}
        onClose={() => setAsking(undefined)}
        title={t("team.copyTitle", { name: one.name })}
      >
        <NewRole from={one.id} onClose={() => setAsking(undefined)} />
      </Dialog>
      <Remove role={one} open={asking === "remove"} onClose={() => setAsking(undefined)} />
    </>
  );
}

/** Who has it, by name as far as they are read. */
function Holders({ role: one }: { role: Role }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const reads = useMay("identity.members.read");
  const people = rowsOf(useInfiniteQuery({ ...team, enabled: reads }).data).filter(({ roles }) =>
    roles.includes(one.id),
  );
  const count = one.members ?? people.length;
  return (
    <p className="mt-2 text-sm text-muted">
      {count === 0
        ? t("team.nobodyHas")
        : people.length > 0 && people.length <= 12
          ? t("team.has", { names: formats.list(people.map(({ name }) => name)) })
          : t("team.hasCount", { count })}
    </p>
  );
}

function Save(props: { role: Role; grants: Grants; count: number; onDone: () => void }) {
  const { t } = useTranslation();
  const again = useAgain();
  const { role: one, grants, count, onDone } = props;
  const save = useMutation({
    mutationFn: () => {
      const params = { path: { id: one.id }, header: ifMatch(one.version) };
      return ok(api.PATCH("/v1/roles/{id}", { params, body: { grants } }));
    },
    onSuccess: async () => {
      await again();
      onDone();
      say(t("action.saved"));
    },
    // The newer version comes; what was chosen here stays and can be saved onto it.
    onError: (error) => hasStatus(error, 412) && void again(),
  });
  return (
    <div className="sticky bottom-4 z-10 flex flex-wrap items-center gap-3 rounded-[14px] border border-line-2 bg-overlay px-4 py-2.5 shadow-3 max-md:bottom-[84px]">
      <span role="status" className="text-sm font-[570]">
        {t("team.changes", { count })}
      </span>
      {save.isError && (
        <Trouble>{hasStatus(save.error, 412) ? t("error.changedElsewhere") : sayThrown(save.error)}</Trouble>
      )}
      <span className="ms-auto flex gap-2">
        <Button look="ghost" onClick={onDone}>
          {t("action.cancel")}
        </Button>
        <Button look="primary" busy={save.isPending} onClick={() => save.mutate()}>
          {t("action.save")}
        </Button>
      </span>
    </div>
  );
}

function Remove({ role: one, open, onClose }: { role: Role; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useTeamChange(
    () => ok(api.DELETE("/v1/roles/{id}", { params: { path: { id: one.id } } })),
    t("team.roleRemoved", { name: one.name }),
    () => void navigate({ to: "/settings/roles" }),
  );
  return (
    <Confirm
      open={open}
      onClose={onClose}
      title={t("team.deleteRoleTitle", { name: one.name })}
      lead={t("team.deleteRoleText")}
      action={t("team.deleteRole")}
      icon={<Trash2 />}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(undefined)}
    />
  );
}
