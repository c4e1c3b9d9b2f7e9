import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Archive, ArchiveRestore, EllipsisVertical, Pencil, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Section } from "@/modules/settings/section";
import { Button, IconButton } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { Menu, MenuItem } from "@/ui/menu";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Sorted } from "@/ui/sorted";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { type CustomField, usageOf, useOrder, usePatch, useRemove } from "./data";
import { fieldsOf } from "./fields-of";
import { EditField } from "./edit";
import { RECORDS } from "./kinds";

/** What a tenant wants to know of its contacts, companies and deals besides what everybody does. */
export function FieldsPage() {
  const { t } = useTranslation();
  const { of = "contact" } = useSearch({ strict: false }) as { of?: (typeof RECORDS)[number] };
  const navigate = useNavigate();
  const writes = useMay("fields.write");
  const query = useQuery(fieldsOf(of));
  const order = useOrder(of);
  const [editing, setEditing] = useState<CustomField | "new">();
  const [removing, setRemoving] = useState<CustomField>();
  const all = query.data?.items ?? [];
  const active = all.filter((field) => !field.archived_at);
  const away = all.filter((field) => field.archived_at);
  const row = (field: CustomField, grip?: ReactNode) => (
    <Row field={field} grip={grip} onEdit={() => setEditing(field)} onRemove={() => setRemoving(field)} />
  );
  return (
    <Section
      id="fields"
      actions={
        writes && (
          <Button look="primary" icon={<Plus />} onClick={() => setEditing("new")} disabled={query.isPending}>
            {t("fields.create")}
          </Button>
        )
      }
    >
      <div className="flex">
        <Segments
          label={t("fields.records")}
          value={of}
          options={RECORDS.map((record) => ({ value: record, label: t(`fields.of.${record}`) }))}
          onChange={(next) => void navigate({ to: "/settings/fields", search: { of: next }, replace: true })}
        />
      </div>
      <Panel bare label={t(`fields.of.${of}`)}>
        {query.isPending ? (
          <SkeletonRows rows={4} />
        ) : query.isError && !query.data ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : active.length === 0 ? (
          <Empty title={t("fields.none")}>{t("fields.noneText")}</Empty>
        ) : (
          <Sorted
            ids={active.map(({ id }) => id)}
            nameOf={(id) => active.find((field) => field.id === id)?.label ?? id}
            words={{
              how: t("fields.sort.how"),
              grip: (name) => t("fields.sort.grip", { name }),
              lifted: (name) => t("fields.sort.lifted", { name }),
              over: (n) => t("fields.sort.over", { n }),
              dropped: (n) => t("fields.sort.dropped", { n }),
              cancelled: t("fields.sort.cancelled"),
            }}
            onMove={(from, to) => {
              const next = [...active];
              next.splice(to, 0, ...next.splice(from, 1));
              order.mutate([...next, ...away.filter((field) => !field.deleting_at)]);
            }}
          >
            {(id, grip) => {
              const field = active.find((one) => one.id === id);
              return field && row(field, writes && grip);
            }}
          </Sorted>
        )}
      </Panel>
      {away.length > 0 && (
        <Panel flush title={t("fields.archivedTitle")}>
          {away.map((field) => (
            <div key={field.id}>{row(field)}</div>
          ))}
        </Panel>
      )}
      <Dialog
        wide
        open={editing !== undefined}
        onClose={() => setEditing(undefined)}
        title={editing === "new" ? t("fields.create") : t("fields.edit")}
      >
        {editing && (
          <EditField
            record={of}
            field={editing === "new" ? undefined : editing}
            others={active}
            onClose={() => setEditing(undefined)}
          />
        )}
      </Dialog>
      {removing && <Remove field={removing} onClose={() => setRemoving(undefined)} />}
    </Section>
  );
}

function Row(props: { field: CustomField; grip?: ReactNode; onEdit: () => void; onRemove: () => void }) {
  const { t } = useTranslation();
  const { field, grip } = props;
  const writes = useMay("fields.write");
  const patch = usePatch();
  const facts = [
    t(`fields.type.${field.type}`),
    field.section,
    field.required && t("fields.required"),
    field.unique && t("fields.unique"),
    field.deleting_at && t("fields.deleting"),
    field.work_state !== "idle" && t("fields.computing", { done: field.work_done, total: field.work_total }),
  ].filter(Boolean);
  const archive = (archived: boolean) =>
    patch.mutate(
      { field, body: { archived } },
      {
        onSuccess: (fresh) =>
          say(t(archived ? "fields.archived" : "fields.restored", { name: field.label }), {
            undo: () => patch.mutate({ field: fresh, body: { archived: !archived } }),
          }),
        onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
      },
    );
  return (
    <div className="flex min-h-[57px] items-center gap-2 border-line border-b bg-surface px-3 py-1.5 in-[li:first-child]:rounded-t-[13px] in-[li:last-child]:rounded-b-[13px] in-[li:last-child]:border-b-0 md:in-[li:first-child]:rounded-t-panel md:in-[li:last-child]:rounded-b-panel">
      {grip}
      <span className="min-w-0 flex-1">
        <span className="flex min-w-0 text-[14px] font-[590]">
          <Own title={field.label}>{field.label}</Own>
        </span>
        <span className="block truncate text-cap text-muted">
          <code dir="ltr">{field.key}</code>, {facts.join(", ")}
        </span>
      </span>
      {writes && !field.deleting_at && (
        <Menu
          align="end"
          trigger={
            <IconButton small label={t("fields.actionsOf", { name: field.label })}>
              <EllipsisVertical />
            </IconButton>
          }
        >
          {field.archived_at ? (
            <>
              <MenuItem writes icon={<ArchiveRestore />} onClick={() => archive(false)}>
                {t("fields.restore")}
              </MenuItem>
              <MenuItem danger icon={<Trash2 />} onClick={props.onRemove}>
                {t("fields.delete")}
              </MenuItem>
            </>
          ) : (
            <>
              <MenuItem writes icon={<Pencil />} onClick={props.onEdit}>
                {t("fields.edit")}
              </MenuItem>
              <MenuItem writes icon={<Archive />} onClick={() => archive(true)}>
                {t("fields.archive")}
              </MenuItem>
            </>
          )}
        </Menu>
      )}
    </div>
  );
}

/** Nobody deletes without having been told how many values go. */
function Remove({ field, onClose }: { field: CustomField; onClose: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const usage = useQuery({ ...usageOf(field.id), staleTime: 0 });
  const remove = useRemove();
  const readers = usage.data?.formulas ?? [];
  return (
    <Confirm
      open
      onClose={onClose}
      title={t("fields.deleteTitle", { name: field.label })}
      lead={
        !usage.data
          ? t("fields.counting")
          : readers.length > 0
            ? t("fields.usedBy", { names: formats.list(readers) })
            : t("fields.deleteText", { count: usage.data.records })
      }
      action={t("fields.delete")}
      icon={<Trash2 />}
      busy={remove.isPending}
      onConfirm={() => {
        if (!usage.data || readers.length > 0) return;
        remove.mutate(
          { field, values: usage.data.records },
          { onSuccess: onClose, onError: (error) => sayError(t("error.notSaved"), sayThrown(error)) },
        );
      }}
    />
  );
}
