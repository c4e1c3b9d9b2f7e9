import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Trash2, TriangleAlert, UsersRound } from "lucide-react";
import { type FormEvent, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { may, useMay, useMe } from "@/app/may";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { FieldFrame } from "@/ui/field";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { ButtonLink, PlainLink } from "@/ui/link";
import { useDraftOf } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { Panel } from "@/ui/panel";
import { Segments as Tabs } from "@/ui/segments";
import { Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import type { Rule } from "./catalogue";
import { patchSegment, preview, type Segment, segment, useSegmentChanges } from "./data";
import { isWhole, ruleOf, wholeOf } from "./draft";
import { Crumbs } from "./page";
import { RuleEditor } from "./rules";
import { useSettled } from "./settled";

/** A segment while it is made or changed, with who fits beside it. */
export function SegmentPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { id } = useParams({ from: "/shell/contacts/segments/$id" });
  const fresh = id === "new";
  const query = useQuery({ ...segment(id), enabled: !fresh });
  if (me && !may(me, "segments.read")) return <Forbidden title={t("segments.title")} needs="segments.read" />;
  const name = fresh ? t("segments.create") : (query.data?.name ?? "");
  return (
    <Page title={t("segments.title")} record={name} back="/contacts/segments" crumbs={<Crumbs name={name} />}>
      {fresh ? (
        <Editor key="new" />
      ) : query.isPending ? (
        <SkeletonRows rows={6} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        query.data && <Editor key={query.data.id} known={query.data} />
      )}
    </Page>
  );
}

/** What is saved of a segment as a whole. */
interface Said {
  name: string;
  about: string;
  definition: Rule;
}

const saidOf = (known: Segment | undefined): Said => ({
  name: known?.name ?? "",
  about: known?.description ?? "",
  definition: ruleOf(wholeOf(known?.definition)),
});

const LABELS = { name: "segments.name", about: "segments.about", definition: "segments.conditions" } as const;

function Editor({ known }: { known?: Segment }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const me = useMe();
  const all = useMay("segments.write");
  const own = !known || known.owner === me?.user?.id || me?.grants["segments.write"] === "all";
  const writes = all && own;
  const ids = { name: useId(), about: useId() };
  const { draft, setDraft, newer, update, theirs } = useDraftOf(known, saidOf);
  const { name, about, definition } = draft;
  const put = (next: Partial<Said>) => setDraft((now) => ({ ...now, ...next }));
  const [kind, setKind] = useState<Segment["kind"]>(known?.kind ?? "dynamic");
  // The conditions as they are edited: a rule that is not finished yet keeps its place.
  const [whole, setWhole] = useState(() => wholeOf(known?.definition));
  const text = JSON.stringify(definition);
  // Somebody else wrote them.
  if (JSON.stringify(ruleOf(whole)) !== text) setWhole(wholeOf(definition));
  const { create, change } = useSegmentChanges();
  const dynamic = kind === "dynamic";
  const complete = isWhole(whole);
  const asked = useSettled(dynamic && complete ? text : undefined, 300);
  const error = create.error ?? change.error;
  const wrong = error instanceof ApiProblem ? error.fields.find(({ field }) => field === "/name") : undefined;
  const taken = error instanceof ApiProblem && error.code === "segment_name_taken";
  const busy = create.isPending || change.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || !writes) return;
    const done = {
      onSuccess: (saved: Segment | undefined) => {
        if (!saved) return;
        say(t("segments.saved", { name: saved.name }));
        void navigate({ to: "/contacts/segments/$id", params: { id: saved.id }, replace: true });
      },
    };
    if (known)
      change.mutate(
        () =>
          update({
            send: (base, said) =>
              patchSegment(known.id, base?.version, {
                name: said.name.trim(),
                description: said.about.trim() || null,
                ...(dynamic && { definition: said.definition }),
              }),
            read: () => cache.fetchQuery({ ...segment(known.id), staleTime: 0 }),
          }),
        done,
      );
    else
      create.mutate(
        {
          name: name.trim(),
          kind,
          ...(dynamic && { definition }),
          ...(about.trim() && { description: about.trim() }),
        },
        done,
      );
  };
  return (
    <form
      noValidate
      onSubmit={submit}
      className="grid grid-cols-[minmax(0,1fr)_320px] items-start gap-6 px-7 pt-4 pb-10 max-lg:grid-cols-1 max-md:px-4"
    >
      <div className="flex min-w-0 flex-col gap-5">
        {error && !wrong && !taken && <Trouble>{sayThrown(error)}</Trouble>}
        <Newer of={newer} label={(key) => t(LABELS[key])} texts={["name", "about"]} onTheirs={theirs} />
        <div className="grid grid-cols-2 gap-3.5 max-md:grid-cols-1">
          <FieldFrame
            id={ids.name}
            label={t("segments.name")}
            {...((wrong || taken) && {
              error: taken ? t("segments.taken") : sayProblem(wrong?.code ?? "", wrong?.detail),
            })}
          >
            <input
              id={ids.name}
              value={name}
              maxLength={80}
              dir="auto"
              required
              disabled={!writes}
              aria-invalid={wrong || taken ? true : undefined}
              onChange={(event) => put({ name: event.target.value })}
              className={`${inputLook} ${inputHeight}`}
            />
          </FieldFrame>
          <FieldFrame id={ids.about} label={t("segments.about")} optional>
            <input
              id={ids.about}
              value={about}
              maxLength={500}
              dir="auto"
              disabled={!writes}
              onChange={(event) => put({ about: event.target.value })}
              className={`${inputLook} ${inputHeight}`}
            />
          </FieldFrame>
        </div>
        {!known && (
          <Tabs
            label={t("segments.kinds")}
            value={kind}
            onChange={setKind}
            options={(["dynamic", "static"] as const).map((value) => ({ value, label: t(`segments.kindOf.${value}`) }))}
          />
        )}
        {dynamic ? (
          <Conditions
            whole={whole}
            onChange={(next) => {
              setWhole(next);
              put({ definition: ruleOf(next) });
            }}
            broken={known?.broken ?? []}
            fixed={!writes}
          />
        ) : (
          <p className="max-w-[60ch] text-sm text-muted">{t("segments.byHand")}</p>
        )}
        <footer className="flex flex-wrap items-center gap-2">
          {writes && (
            <Button
              writes
              type="submit"
              look="primary"
              busy={busy}
              disabled={name.trim() === "" || (dynamic && !complete)}
            >
              {t(known ? "segments.save" : "segments.createIt")}
            </Button>
          )}
          {dynamic && !complete && <span className="text-sm text-muted">{t("segments.unfinished")}</span>}
          <span className="flex-1" />
          {known && writes && <Remove segment={known} />}
        </footer>
      </div>
      <aside className="flex flex-col gap-3 lg:sticky lg:top-4" aria-label={t("segments.who")}>
        {known && <Now segment={known} />}
        {dynamic && <Who asked={asked} />}
      </aside>
    </form>
  );
}

function Conditions(props: {
  whole: Parameters<typeof RuleEditor>[0]["rule"];
  broken: Segment["broken"];
  fixed: boolean;
  onChange: (next: Parameters<typeof RuleEditor>[0]["rule"]) => void;
}) {
  const { t } = useTranslation();
  const { whole, broken } = props;
  // A definition that was one rule stands in a group here.
  const places = useMemo(
    () => new Map(broken.map(({ rule, missing }) => [rule === "" ? "/rules/0" : rule, missing])),
    [broken],
  );
  return (
    <Panel title={t("segments.conditions")}>
      {broken.length > 0 && (
        <p role="status" className="mb-3 flex items-start gap-2 rounded-[10px] bg-warning-soft px-3 py-2 text-sm">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warning-text" />
          {t("segments.brokenText")}
        </p>
      )}
      <div inert={props.fixed}>
        <RuleEditor rule={whole} at="" depth={1} broken={places} onChange={props.onChange} />
      </div>
    </Panel>
  );
}

function Now({ segment: known }: { segment: Segment }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-2">
      <ButtonLink to="/contacts" search={{ f: [`segment:eq:${known.id}`] }}>
        <UsersRound aria-hidden="true" />
        {t("segments.open", { count: known.members })}
      </ButtonLink>
      {known.building && (
        <p role="status" className="text-cap text-muted">
          {t("segments.buildingText")}
        </p>
      )}
    </div>
  );
}

/** How many fit what is written now, and the newest of them. */
function Who({ asked }: { asked: string | undefined }) {
  const { t } = useTranslation();
  const query = useQuery({
    ...preview(asked === undefined ? { kind: "all" } : (JSON.parse(asked) as ReturnType<typeof ruleOf>)),
    enabled: asked !== undefined,
  });
  const found = asked === undefined ? undefined : query.data;
  return (
    <Panel title={t("segments.who")} flush>
      <div className="min-h-[120px] pb-2" aria-busy={query.isFetching}>
        <p role="status" className="px-[18px] pb-2 text-sm">
          {asked === undefined ? (
            <span className="text-muted">{t("segments.unfinished")}</span>
          ) : query.isError ? (
            <span className="text-danger-text">{sayThrown(query.error)}</span>
          ) : found ? (
            <b className="num text-lg font-semibold">{t("segments.people", { count: found.members })}</b>
          ) : (
            <span className="text-muted">{t("segments.counting")}</span>
          )}
        </p>
        <ul>
          {found?.contacts.map((one) => (
            <li key={one.id}>
              <PlainLink
                to="/contacts/$id"
                params={{ id: one.id }}
                className="flex min-h-11 items-center gap-2.5 px-[18px] py-1.5 hover:bg-hover"
              >
                <Avatar name={one.display_name} id={one.id} />
                <span className="min-w-0">
                  <span className="block truncate text-sm font-[560]">
                    <bdi>{one.display_name}</bdi>
                  </span>
                  <span className="block truncate text-cap text-muted">
                    <bdi>{one.email ?? one.company_name ?? ""}</bdi>
                  </span>
                </span>
              </PlainLink>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}

function Remove({ segment: known }: { segment: Segment }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { remove, restore } = useSegmentChanges();
  const undo = () => restore.mutate(known.id, { onError: (error) => sayError(t("error.notSaved"), sayThrown(error)) });
  return (
    <Button
      writes
      look="ghost"
      icon={<Trash2 />}
      busy={remove.isPending}
      onClick={() =>
        remove.mutate(known, {
          onSuccess: () => {
            say(t("segments.deleted", { name: known.name }), { undo });
            void navigate({ to: "/contacts/segments" });
          },
          onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
        })
      }
    >
      {t("segments.delete")}
    </Button>
  );
}
