import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import {
  ChevronDown,
  ChevronRight,
  ChevronUp,
  EllipsisVertical,
  GitMerge,
  Handshake,
  Pencil,
  Printer,
  RotateCcw,
  Trash2,
} from "lucide-react";
import { lazy, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/keys";
import { useMay, useMe } from "@/app/may";
import { ApiProblem } from "@/api/problem";
import { useFormats } from "@/i18n/format";
import { withWords } from "@/i18n/words";
import { Page } from "@/shell/page";
import { Opened } from "@/ui/opened";
import { Boundary } from "@/ui/boundary";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Link } from "@/ui/link";
import { useMedia } from "@/ui/media";
import { Menu, MenuItem } from "@/ui/menu";
import { Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { type Ask, PersonDialog, PersonItems } from "../privacy/person";
import { Composer } from "../activities/composer";
import { FollowButton } from "../activities/followers";
import { RecordTimeline } from "../activities/timeline";
import { useContactRemoval } from "./changes";
import { type Contact, contact } from "./data";
import { last } from "./list/last";
import { placeOf } from "./list/rows";
import { Person } from "./person/person";
import { Related } from "./person/related";

const MergeWith = lazy(async () => ({
  default: (await withWords(["duplicates"], import("../duplicates/with"))).MergeWith,
}));
const Convert = lazy(async () => ({ default: (await withWords(["deals"], import("../deals/convert"))).Convert }));
const EditContact = lazy(async () => ({ default: (await import("./edit/dialog")).EditContact }));

export function ContactPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/shell/contacts/$id" });
  const query = useQuery(contact(id));
  // Links to a contact that became part of another one lead there.
  const into = query.error instanceof ApiProblem ? query.error.mergedInto : undefined;
  const navigate = useNavigate();
  useEffect(() => {
    if (into) void navigate({ to: "/contacts/$id", params: { id: into }, replace: true });
  }, [into, navigate]);
  const name = query.data?.display_name;
  return (
    <Page
      title={t("contacts.one")}
      record={name}
      back="/contacts"
      backSearch={last.search}
      fixed
      tools={
        query.data && (
          <>
            {!query.data.deleted_at && <FollowButton of={{ kind: "contact", id: query.data.id }} />}
            <Actions contact={query.data} />
          </>
        )
      }
      crumbs={
        <>
          <Link to="/contacts" search={last.search} className="font-[420] text-muted!">
            {t("contacts.title")}
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
          <b className="max-w-[26ch] truncate font-semibold text-ink">{name}</b>
          <Neighbours id={id} />
        </>
      }
    >
      {query.isPending || into ? (
        <SkeletonRows rows={6} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        query.data && <Body contact={query.data} />
      )}
    </Page>
  );
}

function Body({ contact: person }: { contact: Contact }) {
  const { t } = useTranslation();
  const me = useMe();
  const writes = useMay("activities.write");
  const reads = useMay("activities.read");
  const roomy = useMedia("(min-width: 1180px), print");
  const about = {
    kind: "contact" as const,
    id: person.id,
    name: person.display_name,
    over: Boolean(person.deleted_at),
  };
  // What waits for its cards cannot be scrolled: there is nothing in it yet that a key could reach.
  const scrolls =
    "min-w-0 overflow-y-auto has-[>[data-waiting]]:overflow-y-hidden [scrollbar-width:thin] max-md:overflow-visible print:overflow-visible";
  return (
    <div className="grid min-h-0 flex-1 grid-cols-[260px_minmax(0,1fr)] max-md:block max-md:overflow-y-auto print:grid print:grid-cols-[230px_minmax(0,1fr)] print:overflow-visible lg:grid-cols-[260px_minmax(0,1fr)_270px] xl:grid-cols-[276px_minmax(0,1fr)_300px]">
      <div className={scrolls}>
        <Boundary>
          <Person contact={person} />
        </Boundary>
      </div>
      <div className={`${scrolls} border-line px-[26px] pt-5 pb-10 max-md:px-4 max-md:pt-2 md:border-s lg:border-e`}>
        {person.deleted_at && <Deleted contact={person} />}
        {writes && !person.deleted_at && (
          <div className="print:hidden">
            <Composer key={person.id} about={about} />
          </div>
        )}
        {!me && <SkeletonRows rows={5} tall />}
        {reads && (
          <Boundary title={t("contacts.timeline")}>
            <RecordTimeline about={about} />
          </Boundary>
        )}
        {!roomy && (
          <aside aria-label={t("contacts.beside")} className="mt-6 flex flex-col gap-3">
            <Boundary>
              <Related contact={person} />
            </Boundary>
          </aside>
        )}
      </div>
      {roomy && (
        <aside aria-label={t("contacts.beside")} className={`${scrolls} flex flex-col gap-3 pt-5 pb-10 ps-[22px] pe-6`}>
          <Boundary>
            <Related contact={person} />
          </Boundary>
        </aside>
      )}
    </div>
  );
}

function Deleted({ contact: person }: { contact: Contact }) {
  const { t } = useTranslation();
  const { restore } = useContactRemoval();
  return (
    <p className="mb-4 flex items-center gap-3 rounded-[12px] bg-warning-soft px-3.5 py-2.5 text-sm">
      <span className="flex-1">{t("contacts.deleteText")}</span>
      <Button
        writes
        size="small"
        icon={<RotateCcw />}
        busy={restore.isPending}
        onClick={() =>
          restore.mutate(person.id, { onSuccess: () => say(t("contacts.restored", { name: person.display_name })) })
        }
      >
        {t("contacts.restore")}
      </Button>
    </p>
  );
}

function Actions({ contact: person }: { contact: Contact }) {
  const { t } = useTranslation();
  const writes = useMay("contacts.write");
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const [merging, setMerging] = useState(false);
  const [converting, setConverting] = useState(false);
  const sells = useMay("deals.write");
  const [asking, setAsking] = useState(false);
  const [data, setData] = useState<Ask>();
  const cache = useQueryClient();
  const { remove, restore } = useContactRemoval();
  useShortcuts(writes ? [{ keys: "e", label: t("contacts.edit"), run: () => setEditing(true) }] : []);
  if (person.deleted_at) return null;
  const convert = sells && (
    <Opened open={converting}>
      <Convert contact={person} open={converting} onClose={() => setConverting(false)} />
    </Opened>
  );
  const toDeal = sells && (
    <MenuItem writes icon={<Handshake />} onClick={() => setConverting(true)}>
      {t("contacts.convert")}
    </MenuItem>
  );
  if (!writes && !sells) return null;
  const undo = () => restore.mutate(person.id, { onError: (error) => sayError(t("error.notSaved"), error.message) });
  const drop = () =>
    remove.mutate(person.id, {
      onSuccess: () => {
        setAsking(false);
        say(t("contacts.deleted", { name: person.display_name }), { undo });
        void navigate({ to: "/contacts", search: last.search });
      },
      onError: (error) => sayError(t("error.notSaved"), error.message),
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
            {t("contacts.edit")}
          </MenuItem>
        )}
        {toDeal}
        {writes && (
          <MenuItem writes icon={<GitMerge />} onClick={() => setMerging(true)}>
            {t("contacts.mergeWith")}
          </MenuItem>
        )}
        <MenuItem icon={<Printer />} onClick={() => print()}>
          {t("contacts.print")}
        </MenuItem>
        <PersonItems onAsk={setData} person={person} />
        {writes && (
          <MenuItem icon={<Trash2 />} danger onClick={() => setAsking(true)}>
            {t("contacts.delete")}
          </MenuItem>
        )}
      </Menu>
      {data && (
        <PersonDialog
          ask={data}
          person={person}
          onClose={(erased) => {
            setData(undefined);
            // What names an erased person goes from this browser as well, once nothing shows it any more.
            if (erased)
              void navigate({ to: "/settings/privacy" }).then(() =>
                cache.removeQueries({ queryKey: contact(person.id).queryKey }),
              );
          }}
        />
      )}
      {convert}
      <Opened open={merging}>
        <MergeWith contact={person} open={merging} onClose={() => setMerging(false)} />
      </Opened>
      <Opened open={editing}>
        <EditContact contact={person} open={editing} onClose={() => setEditing(false)} />
      </Opened>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t("contacts.deleteTitle", { name: person.display_name })}
        lead={t("contacts.deleteText")}
      >
        <footer className="flex justify-end gap-2">
          <Button look="ghost" onClick={() => setAsking(false)}>
            {t("action.cancel")}
          </Button>
          <Button look="danger" icon={<Trash2 />} busy={remove.isPending} onClick={drop}>
            {t("contacts.delete")}
          </Button>
        </footer>
      </Dialog>
    </>
  );
}

/** The people before and after in the list one came from, as long as it is at hand. */
function Neighbours({ id }: { id: string }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const formats = useFormats();
  const tenant = useMe()?.tenant.id ?? "";
  const place = placeOf(cache, tenant, id);
  const go = (to: Contact | undefined) =>
    to && (() => void navigate({ to: "/contacts/$id", params: { id: to.id }, replace: true }));
  const [back, on] = [go(place?.before), go(place?.after)];
  useShortcuts([
    { keys: "j", label: t("contacts.next"), run: () => on?.() },
    { keys: "k", label: t("contacts.previous"), run: () => back?.() },
  ]);
  if (!place) return null;
  const { at, of } = place;
  return (
    <span className="flex items-center print:hidden">
      <IconButton label={t("contacts.previous")} disabled={!back} onClick={back} small>
        <ChevronUp />
      </IconButton>
      <IconButton label={t("contacts.next")} disabled={!on} onClick={on} small>
        <ChevronDown />
      </IconButton>
      <span className="num ms-1.5 text-cap">
        {of === undefined ? formats.count(at) : t("contacts.place", { at: formats.count(at), of: formats.count(of) })}
      </span>
    </span>
  );
}
