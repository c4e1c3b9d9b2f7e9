import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { sayThrown } from "@/i18n/problems";
import { Confirm } from "@/ui/confirm";
import { Link } from "@/ui/link";
import { say } from "@/ui/toast";
import type { Pipeline } from "../data";
import { useRemovePipeline } from "./changes";

/** Deletes a pipeline that nothing is in; else says what to do first. */
export function RemovePipeline(props: { line: Pipeline | undefined; onClose: () => void; onDone?: () => void }) {
  const { t } = useTranslation();
  const { line, onClose, onDone } = props;
  const [last, setLast] = useState(line);
  // Its words stay while it goes away.
  if (line && line !== last) setLast(line);
  const now = line ?? last;
  const remove = useRemovePipeline();
  if (!now) return null;
  const used = remove.error instanceof ApiProblem && remove.error.code === "pipeline_in_use";
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <Confirm
      open={line !== undefined}
      onClose={close}
      title={t("deals.deleteTitle", { title: now.name })}
      lead={t("deals.pipelines.deleteText")}
      action={t("deals.delete")}
      icon={<Trash2 />}
      busy={remove.isPending}
      trouble={
        remove.isError && (
          <>
            {sayThrown(remove.error)}{" "}
            {used && (
              <Link to="/deals" search={{ view: "table", line: now.id }}>
                {t("deals.pipelines.toDeals")}
              </Link>
            )}
          </>
        )
      }
      onConfirm={() =>
        remove.mutate(now, {
          onSuccess: () => {
            say(t("deals.said.deleted", { title: now.name }));
            close();
            onDone?.();
          },
        })
      }
    />
  );
}
