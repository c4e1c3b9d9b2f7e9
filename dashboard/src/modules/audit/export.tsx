import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { ExportButton } from "@/ui/export";
import { type Asked, filterOf } from "./data";

/** What the filters show, as a file for a spreadsheet. */
export function ExportLog({ asked }: { asked: Asked }) {
  const may = useMay("privacy.audit.export");
  const query = { filter: filterOf(asked) };
  if (!may) return null;
  return (
    <ExportButton name="audit" load={() => ok(api.GET("/v1/audit/export", { params: { query }, parseAs: "blob" }))} />
  );
}
