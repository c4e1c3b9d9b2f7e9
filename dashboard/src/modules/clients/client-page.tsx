import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/app/may";
import { Enter } from "@/modules/visit/enter";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Avatar } from "@/ui/avatar";
import { Boundary } from "@/ui/boundary";
import { Link } from "@/ui/link";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { Activity } from "./activity";
import { ClientActions } from "./client-actions";
import { type Client, client, clientMembers } from "./data";
import { Facts } from "./facts";
import { Health } from "./health";
import { Notices } from "./notices";
import { People } from "./people";
import { Usage } from "./usage";
import { Visits } from "./visits";

export function ClientPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "tenants.clients.read"))
    return <Forbidden title={t("clients.title")} needs="tenants.clients.read" />;
  return <One />;
}

function One() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/shell/clients/$id" });
  const query = useQuery(client(id));
  const name = query.data?.name;
  return (
    <Page
      title={t("clients.one")}
      record={name}
      back="/clients"
      crumbs={
        <>
          <Link to="/clients" className="font-[420] text-muted!">
            {t("clients.title")}
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
          <b className="max-w-[26ch] truncate font-semibold text-ink">{name}</b>
        </>
      }
    >
      {query.data ? (
        <Body client={query.data} />
      ) : query.isPending ? (
        <SkeletonRows rows={6} tall />
      ) : (
        <Panel bare className="m-7 max-md:m-4">
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        </Panel>
      )}
    </Page>
  );
}

/** Whether somebody came to enter. It leaves the address at once: whoever comes back from the client has been inside. */
function useEntering(id: string): [boolean, () => void] {
  const { enter } = useSearch({ from: "/shell/clients/$id" });
  const navigate = useNavigate();
  const [entering, setEntering] = useState(false);
  useEffect(() => {
    if (!enter) return;
    setEntering(true);
    void navigate({ to: "/clients/$id", params: { id }, search: {}, replace: true });
  }, [enter, id, navigate]);
  return [entering, () => setEntering(false)];
}

function Body({ client: one }: { client: Client }) {
  const [entering, entered] = useEntering(one.id);
  const people = useQuery({ ...clientMembers(one.id), retry: false });
  return (
    <div className="flex flex-col gap-4 px-7 pt-5 pb-10 max-md:gap-3.5 max-md:px-4 max-md:pt-3">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <Avatar name={one.name} id={one.id} square size="lg" />
        <div className="min-w-0 flex-1 basis-60">
          <h2 className="wider text-[21px] leading-[1.24] font-[590] break-words">
            <Own title={one.name}>{one.name}</Own>
          </h2>
          <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-muted">
            {one.slug} <Health client={one} />
          </p>
        </div>
        <span className="flex items-center gap-2">
          {one.state !== "deleting" && <Enter client={one} size="normal" asked={entering} onClose={entered} />}
          <ClientActions client={one} />
        </span>
      </header>
      <Notices client={one} />
      <div className="grid items-start gap-4 max-md:gap-3.5 lg:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4 max-md:gap-3.5">
          <Boundary>
            <Activity client={one} />
          </Boundary>
          <Boundary>
            <People client={one} />
          </Boundary>
          {/* Below what has come: nothing is pushed away. */}
          {people.isFetched && (
            <Boundary>
              <Visits client={one} />
            </Boundary>
          )}
        </div>
        {people.isFetched && (
          <div className="flex min-w-0 flex-col gap-4 max-md:gap-3.5">
            <Boundary>
              <Facts client={one} />
            </Boundary>
            <Boundary>
              <Usage client={one} />
            </Boundary>
          </div>
        )}
      </div>
    </div>
  );
}
