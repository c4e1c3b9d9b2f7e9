import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { ExportButton } from "@/ui/export";

/** Everything that was sent with a form, without spam, as a file for a spreadsheet. */
export function Export({ id, name }: { id: string; name: string }) {
  const allowed = useMay("forms.export");
  const plain = name
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 60);
  if (!allowed) return null;
  return (
    <ExportButton
      name={plain || "form"}
      load={() => ok(api.GET("/v1/forms/{id}/submissions/export", { params: { path: { id } }, parseAs: "blob" }))}
    />
  );
}
