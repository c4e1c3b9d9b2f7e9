import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { sayThrown } from "@/i18n/problems";
import { Button } from "./button";
import { save } from "./save";
import { say, sayError } from "./toast";

/** What a list shows, as a file for a spreadsheet; in its name stands the day. */
export function ExportButton(props: {
  /** Of the file, without its ending. */
  name: string;
  load: () => Promise<unknown>;
  label?: string;
  small?: boolean;
  className?: string;
}) {
  const { t } = useTranslation();
  const label = props.label ?? t("action.exportCsv");
  const { mutate, isPending } = useMutation({
    mutationFn: props.load,
    onSuccess: (file) => {
      save(file as Blob, `${props.name}-${new Date().toISOString().slice(0, 10)}.csv`);
      say(t("action.exported"));
    },
    onError: (error) => sayError(label, sayThrown(error)),
  });
  return (
    <Button
      icon={<Download />}
      size={props.small ? "small" : "normal"}
      busy={isPending}
      onClick={() => mutate()}
      className={props.className}
    >
      <span className="max-sm:sr-only">{label}</span>
    </Button>
  );
}
