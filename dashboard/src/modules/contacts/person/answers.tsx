import { useQuery } from "@tanstack/react-query";
import { ChevronDown, Download, Paperclip } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Skeleton } from "@/ui/states";
import { answer, answers } from "./data";
import { Card } from "./card";

/** What somebody sent through forms, with the files that came with it. */
export function Answers({ contact }: { contact: string }) {
  const { t } = useTranslation();
  const allowed = useMay("forms.read");
  const { data } = useQuery({ ...answers(contact), enabled: allowed });
  if (!data?.items.length) return null;
  return (
    <Card title={t("contacts.answers")}>
      <ul className="-my-1">
        {data.items.slice(0, 5).map((item) => (
          <Answer key={item.id} item={item} />
        ))}
      </ul>
    </Card>
  );
}

function Answer({ item }: { item: Schema["SubmissionSummary"] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ ...answer(item.id), enabled: open });
  const sizes = new Intl.NumberFormat(formats.locale, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });
  return (
    <li className="border-line border-b last:border-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="group flex min-h-9 w-full items-center gap-2 text-start text-sm max-md:min-h-11"
      >
        <span className="min-w-0 flex-1 truncate">{data?.definition.title ?? t("contacts.answer")}</span>
        <time dateTime={item.created_at} className="num whitespace-nowrap text-cap text-muted">
          {formats.when(item.created_at)}
        </time>
        <ChevronDown
          aria-hidden="true"
          className="size-4 text-muted transition-transform group-aria-expanded:rotate-180"
        />
      </button>
      {open && !data && <Skeleton className="mb-2 h-3 w-32" />}
      {open && data && (
        <dl className="pb-2.5 text-[12.5px]">
          {data.lines.map(({ key, label, value }) => (
            <div key={key} className="py-1">
              <dt dir="auto" className="text-muted">
                {label}
              </dt>
              <dd dir="auto" className="break-words">
                {value}
              </dd>
            </div>
          ))}
          {data.files.map((file) => (
            <div key={file.id} className="flex items-center gap-2 py-1">
              <dt className="sr-only">{t("contacts.file")}</dt>
              <Paperclip aria-hidden="true" className="size-3.5 shrink-0 text-muted" />
              <dd className="flex min-w-0 flex-1 items-center gap-2">
                <bdi className="min-w-0 flex-1 truncate">{file.name}</bdi>
                <span className="num text-muted">{sizes.format(Math.max(1, file.size / 1000))}</span>
                {file.url && (
                  <a
                    href={file.url}
                    download={file.name}
                    aria-label={t("contacts.download", { name: file.name })}
                    className="grid size-8 place-items-center rounded-[8px] text-accent-text hover:bg-hover max-md:size-11"
                  >
                    <Download aria-hidden="true" className="size-4" />
                  </a>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
