import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { tenant } from "@/api/queries";
import type { Definition } from "../builder/model";
import { PreviewFrame } from "../builder/preview";
import { form } from "../data";
import type { Submission } from "./data";

/** The form as it was when this was filled in. */
export function VersionView({ one, onClose }: { one: Submission; onClose: () => void }) {
  const { t } = useTranslation();
  const { data } = useQuery(form(one.form));
  const { data: place } = useQuery({ ...tenant, enabled: false });
  return (
    <PreviewFrame
      title={t("forms.versionOf", { name: data?.name ?? "", number: one.form_version })}
      form={one.definition as unknown as Definition}
      theme={(data?.theme ?? {}) as Record<string, string>}
      language={data?.locale ?? place?.locale ?? "en"}
      onClose={onClose}
    />
  );
}
