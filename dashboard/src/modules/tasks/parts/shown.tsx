import { useTranslation } from "react-i18next";
import { Segments } from "@/ui/segments";
import { STATUSES, type Status, type TasksSearch } from "../address";

/** Which tasks a list shows: by how they ended, or those that were deleted. */
export function Shown(props: { value: Status | "deleted"; onChange: (next: Partial<TasksSearch>) => void }) {
  const { t } = useTranslation();
  return (
    <Segments<Status | "deleted">
      label={t("tasks.field.status")}
      value={props.value}
      onChange={(next) =>
        props.onChange({
          status: next === "open" || next === "deleted" ? undefined : next,
          deleted: next === "deleted" ? true : undefined,
          by: undefined,
          completion: undefined,
        })
      }
      options={[
        ...STATUSES.map((value) => ({ value, label: t(`tasks.status.${value}`) })),
        { value: "deleted", label: t("tasks.deleted.name") },
      ]}
    />
  );
}
