import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { ChevronRight, EllipsisVertical, GitMerge, Pencil, Printer, RotateCcw, Trash2 } from "lucide-react";
import { lazy, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { useShortcuts } from "@/app/keys";
import { useMay } from "@/app/may";
import { Page } from "@/shell/page";
import { Boundary } from "@/ui/boundary";
import { Button, IconButton } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Link } from "@/ui/link";
import { useMedia } from "@/ui/media";
import { Menu, MenuItem } from "@/ui/menu";
import { Opened } from "@/ui/opened";
import { Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { Together } from "@/ui/together";
import { DealsBeside } from "../deals/beside";
import { ServicesBeside } from "../deals/services-beside";
import { FilesBeside } from "../attachments/beside";
import { OccasionsBeside } from "../occasions/beside";
import { CustomValues } from "../fields/values";
import { TasksBeside } from "../tasks/beside";
import { FollowButton } from "../activities/followers";
import { useRemoval } from "./changes";
import { type Company, company } from "./data";
import { last } from "./last";
import { Family } from "./page/family";
import { HealthCard } from "./page/health";
import { People } from "./page/people";
import { Profile } from "./page/profile";
import { Story } from "./page/story";

const MergeWith = lazy(async () => ({ default: (await import("./duplicates/with")).MergeWith }));
const EditCompany = lazy(async () => ({ default: (await import("./form/edit-company")).EditCompany }));

export function CompanyPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/shell/companies/$id" });
  const query = useQuery(company(id));
  // Links to a company that became part of another one lead there.
  const into = query.error instanceof ApiProblem ? query.error.mergedInto : undefined;
  const navigate = useNavigate();
  useEffect(() => {
    if (into) void navigate({ to: "/companies/$id", params: { id: into }, replace: true });
  }, [into, navigate]);
  const name = query.data?.name;
  return (
    <Page
      title={t("companies.one")}
      record={name}
      back="/companies"
      backSearch={last.search}
      fixed
      tools={
        query.data && (
          <>
            {!query.data.deleted_at && <FollowButton of={{ kind: "company", id: query.data.id }} />}
            <Actions company={query.data} />
          </>
        )
      }
      crumbs={
        <>
          <Link to="/companies" search={last.search} className="font-[420] text-muted!">
            {t("companies.title")}
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
          <b className="max-w-[26ch] truncate font-semibold text-ink">{name}</b>
        </>
      }
    >
      {query.isPending || into ? (
        <SkeletonRows rows={6} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        query.data && <Body company={query.data} />
      )}
    </Page>
  );
}

/** Who they are, who their people are and what happened, how it is going. */
function Body({ company: one }: { company: Company }) {
  const { t } = useTranslation();
  const reads = useMay("activities.read");
  const roomy = useMedia("(min-width: 1180px), print");
  // What waits for its cards cannot be scrolled: there is nothing in it yet that a key could reach.
  const scrolls =
    "min-w-0 overflow-y-auto has-[>[data-waiting]]:overflow-y-hidden [scrollbar-width:thin] max-md:overflow-visible print:overflow-visible";
  const beside = (
    <Together>
      <Boundary>
        <HealthCard company={one} />
      </Boundary>
      <CustomValues record="company" id={one.id} custom={one.custom} over={Boolean(one.deleted_at)} />
      <DealsBeside whose={{ company: one.id }} name={one.name} over={Boolean(one.deleted_at)} />
      <Boundary>
        <TasksBeside about="company" id={one.id} name={one.name} />
        <OccasionsBeside about="company" id={one.id} name={one.name} />
        <FilesBeside about="company" id={one.id} over={Boolean(one.deleted_at)} />
      </Boundary>
      <Boundary>
        <Family company={one} />
      </Boundary>
    </Together>
  );
  return (
    <div className="grid min-h-0 flex-1 grid-cols-[276px_minmax(0,1fr)] max-md:block max-md:overflow-y-auto print:grid print:grid-cols-[230px_minmax(0,1fr)] print:overflow-visible lg:grid-cols-[276px_minmax(0,1fr)_280px] xl:grid-cols-[290px_minmax(0,1fr)_310px]">
      <div className={scrolls}>
        <Boundary>
          <Profile company={one} />
        </Boundary>
      </div>
      <div className={`${scrolls} border-line px-[26px] pt-5 pb-10 max-md:px-4 max-md:pt-2 md:border-s lg:border-e`}>
        <Together>
          <Boundary>
            <People company={one} />
          </Boundary>
          <ServicesBeside whose={{ company: one.id }} />
          {reads && (
            <Boundary title={t("companies.timeline")}>
              <Story company={one} />
            </Boundary>
          )}
        </Together>
        {!roomy && (
          <aside aria-label={t("companies.beside")} className="mt-6 flex flex-col gap-3">
            {beside}
          </aside>
        )}
      </div>
      {roomy && (
        <aside
          aria-label={t("companies.beside")}
          className={`${scrolls} flex flex-col gap-3 pt-5 pb-10 ps-[22px] pe-6`}
        >
          {beside}
        </aside>
      )}
    </div>
  );
}

function Actions({ company: one }: { company: Company }) {
  const { t } = useTranslation();
  const writes = useMay("companies.write");
  const deletes = useMay("companies.delete");
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const [asking, setAsking] = useState(false);
  const [merging, setMerging] = useState(false);
  const { remove, restore } = useRemoval();
  useShortcuts(writes ? [{ keys: "e", label: t("companies.edit"), run: () => setEditing(true) }] : []);
  const wrong = (error: Error) => sayError(t("error.notSaved"), error.message);
  const undo = () =>
    restore.mutate(one.id, {
      onSuccess: () => say(t("companies.restored", { name: one.name })),
      onError: wrong,
    });
  if (one.deleted_at)
    return (
      deletes && (
        <Button writes size="small" icon={<RotateCcw />} busy={restore.isPending} onClick={undo}>
          {t("companies.restore")}
        </Button>
      )
    );
  const drop = () =>
    remove.mutate(one.id, {
      onSuccess: () => {
        setAsking(false);
        say(t("companies.deleted", { name: one.name }), { undo });
        void navigate({ to: "/companies", search: last.search });
      },
      onError: wrong,
    });
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t("nav.more")}>
            <EllipsisVertical />
          </IconButton>
        }
      >
        {writes && (
          <MenuItem writes icon={<Pencil />} onClick={() => setEditing(true)}>
            {t("companies.edit")}
          </MenuItem>
        )}
        {writes && (
          <MenuItem writes icon={<GitMerge />} onClick={() => setMerging(true)}>
            {t("companies.mergeWith")}
          </MenuItem>
        )}
        <MenuItem icon={<Printer />} onClick={() => print()}>
          {t("companies.print")}
        </MenuItem>
        {deletes && (
          <MenuItem icon={<Trash2 />} danger onClick={() => setAsking(true)}>
            {t("companies.delete")}
          </MenuItem>
        )}
      </Menu>
      <Opened open={editing}>
        <EditCompany company={one} open={editing} onClose={() => setEditing(false)} />
      </Opened>
      <Opened open={merging}>
        <MergeWith company={one} open={merging} onClose={() => setMerging(false)} />
      </Opened>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t("companies.deleteTitle", { name: one.name })}
        lead={t("companies.deleteText")}
        action={t("companies.delete")}
        icon={<Trash2 />}
        busy={remove.isPending}
        onConfirm={drop}
      />
    </>
  );
}
