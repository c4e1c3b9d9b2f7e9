import { useQuery } from "@tanstack/react-query";
import { Eye, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { useMembers } from "@/modules/contacts/data";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Dialog } from "@/ui/dialog";
import { Failed, SkeletonRows } from "@/ui/states";
import { say } from "@/ui/toast";
import { type Version, versions } from "../data";
import { useFormLanguage } from "./canvas";
import { useDraft } from "./context";
import { compare } from "./compare";
import { type Definition, repaired, sameDefinition } from "./model";
import { PreviewFrame } from "./preview";

/** What visitors got and get: every published version, what it changed, and a way back to it. */
export function Versions({ onClose, writes }: { onClose: () => void; writes: boolean }) {
  const { t } = useTranslation();
  const { state, doc } = useDraft();
  const query = useQuery(versions(state.form.id));
  const [viewed, setViewed] = useState<Version>();
  const language = useFormLanguage(doc.locale);
  return (
    <Dialog open onClose={onClose} title={t("forms.versions")} lead={t("forms.versionsText")} wide>
      {query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : !query.data ? (
        <SkeletonRows rows={3} tall />
      ) : query.data.length === 0 ? (
        <p className="py-4 text-sm text-muted">{t("forms.noVersions")}</p>
      ) : (
        <ol className="-mx-5 max-h-[56dvh] overflow-y-auto">
          {query.data.map((version, index) => (
            <Row
              key={version.number}
              version={version}
              before={query.data[index + 1]}
              onView={() => setViewed(version)}
              onRestored={writes ? onClose : undefined}
            />
          ))}
        </ol>
      )}
      {/* Inside, so that a press in it is not one beside the list. */}
      {viewed && (
        <PreviewFrame
          title={t("forms.versionOf", { name: doc.name, number: viewed.number })}
          form={viewed.definition as unknown as Definition}
          theme={doc.theme}
          language={language}
          onClose={() => setViewed(undefined)}
        />
      )}
    </Dialog>
  );
}

function Row(props: {
  version: Version;
  before: Version | undefined;
  onView: () => void;
  onRestored: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const names = useMembers();
  const { editor, state, draft } = useDraft();
  const { version, before } = props;
  const definition = version.definition as unknown as Definition;
  const live = state.form.published_version === version.number && state.form.state === "published";
  const restore = () => {
    editor.edit(() => repaired(definition));
    editor.select({ kind: "step", step: 0 });
    say(t("forms.restored", { number: version.number }), { undo: () => editor.undo() });
    props.onRestored?.();
  };
  const by = version.published_by ? names.get(version.published_by) : undefined;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-b px-5 py-3 last:border-0">
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2 text-sm font-semibold">
          {t("forms.versionNumber", { number: version.number })}
          {live && <Chip tone="success">{t("forms.live")}</Chip>}
        </span>
        <span className="block text-[12.5px] text-muted">
          <time dateTime={version.published_at} title={formats.full(version.published_at)}>
            {formats.when(version.published_at)}
          </time>
          {by && <> · {by}</>}
        </span>
        <span className="block text-[12.5px] text-ink-2">
          <Changes now={definition} before={before?.definition as unknown as Definition | undefined} />
        </span>
      </span>
      <Button size="small" icon={<Eye />} onClick={props.onView}>
        {t("forms.view")}
        <span className="sr-only"> {version.number}</span>
      </Button>
      {props.onRestored && !sameDefinition(definition, draft) && (
        <Button size="small" icon={<RotateCcw />} onClick={restore}>
          {t("forms.restore")}
          <span className="sr-only"> {version.number}</span>
        </Button>
      )}
    </li>
  );
}

function Changes({ now, before }: { now: Definition; before: Definition | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (!before) return t("forms.fieldCount", { count: now.steps.reduce((sum, { fields }) => sum + fields.length, 0) });
  const { added, removed, changed, rules, words } = compare(before, now);
  const parts = [
    ...(added > 0 ? [t("forms.diff.added", { count: added })] : []),
    ...(removed > 0 ? [t("forms.diff.removed", { count: removed })] : []),
    ...(changed > 0 ? [t("forms.diff.changed", { count: changed })] : []),
    ...(rules ? [t("forms.diff.rules")] : []),
    ...(words ? [t("forms.diff.words")] : []),
  ];
  return parts.length > 0 ? formats.list(parts) : t("forms.diff.same");
}
