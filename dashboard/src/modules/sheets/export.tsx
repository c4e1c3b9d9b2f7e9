import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ok, type Schema } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import { save } from "@/ui/save";
import { say, sayError } from "@/ui/toast";
import { readingLanguage } from "./language";

const FORMATS = ["csv", "xlsx"] as const;

/** How a file is to look: what it is, and in which language its columns are named. */
export interface SheetLook {
  format: Schema["SheetFormat"];
  language: Schema["SheetLanguage"];
}

interface Answer {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** A whole list as a file in the reader's language, as CSV or as a workbook; what is said afterwards is how many rows the server counted. */
export function SheetButton(props: {
  /** Of the file, without its ending. */
  name: string;
  load: (look: SheetLook) => Promise<Answer>;
  small?: boolean;
  className?: string;
}) {
  const { t, i18n } = useTranslation();
  const { mutate, isPending } = useMutation({
    mutationFn: async (format: Schema["SheetFormat"]) => {
      const answer = await props.load({ format, language: readingLanguage(i18n.language) });
      const file = await ok(Promise.resolve(answer));
      save(file as Blob, `${props.name}-${new Date().toISOString().slice(0, 10)}.${format}`);
      return Number(answer.response.headers.get("upzento-rows") ?? 0);
    },
    onSuccess: (count) => say(t("sheets.exported", { count })),
    onError: (error) => sayError(t("sheets.export"), sayThrown(error)),
  });
  return (
    <Menu
      trigger={
        <Button
          icon={<Download />}
          size={props.small ? "small" : "normal"}
          busy={isPending}
          className={props.className}
        >
          {t("sheets.export")}
        </Button>
      }
    >
      {FORMATS.map((format) => (
        <MenuItem key={format} onClick={() => mutate(format)}>
          {t(`sheets.${format}`)}
        </MenuItem>
      ))}
    </Menu>
  );
}
