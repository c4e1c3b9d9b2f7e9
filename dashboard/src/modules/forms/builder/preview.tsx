import { Dialog as Base } from "@base-ui/react/dialog";
import { clsx } from "clsx";
import { Monitor, Moon, RotateCcw, Smartphone, Sun, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSky } from "@/app/theme";
import { Button, IconButton } from "@/ui/button";
import { Segments } from "@/ui/segments";
import { LiveForm } from "../live-form";
import { useFormLanguage } from "./canvas";
import { useDraft } from "./context";
import type { Definition } from "./model";

/** The draft as a visitor would fill it in, wide and on a phone. */
export function PreviewDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { doc, draft } = useDraft();
  const language = useFormLanguage(doc.locale);
  return (
    <PreviewFrame
      title={t("forms.previewOf", { name: doc.name })}
      form={draft}
      theme={doc.theme}
      language={language}
      onClose={onClose}
    />
  );
}

export function PreviewFrame(props: {
  title: string;
  note?: string;
  form: Definition;
  theme: Record<string, string>;
  language: string;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [width, setWidth] = useState<"wide" | "phone">(() => (innerWidth < 768 ? "phone" : "wide"));
  const [mode, setMode] = useState<"light" | "dark">(useSky());
  const [round, setRound] = useState(0);
  return (
    <Base.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Base.Portal>
        <Base.Popup data-open className="fixed inset-0 z-70 flex flex-col bg-void outline-none">
          <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-2.5 border-line border-b px-5 py-1.5 max-md:px-3">
            <Base.Title className="wide min-w-0 truncate text-[15.5px] font-[590]">{props.title}</Base.Title>
            {props.note && <span className="text-[12.5px] text-muted max-md:hidden">{props.note}</span>}
            <span className="flex-1" />
            <span className="max-md:hidden">
              <Segments
                label={t("forms.width")}
                value={width}
                onChange={setWidth}
                options={[
                  { value: "wide", label: <Named icon={<Monitor />} name={t("forms.wide")} /> },
                  { value: "phone", label: <Named icon={<Smartphone />} name={t("forms.phone")} /> },
                ]}
              />
            </span>
            <Segments
              label={t("theme.label")}
              value={mode}
              onChange={setMode}
              options={[
                { value: "light", label: <Named icon={<Sun />} name={t("theme.light")} /> },
                { value: "dark", label: <Named icon={<Moon />} name={t("theme.dark")} /> },
              ]}
            />
            <Button icon={<RotateCcw />} onClick={() => setRound(round + 1)}>
              <span className="max-md:sr-only">{t("forms.startOver")}</span>
            </Button>
            <Base.Close render={<IconButton label={t("action.close")} />}>
              <X />
            </Base.Close>
          </header>
          <div className="dotted min-h-0 flex-1 overflow-y-auto p-6 max-md:p-3">
            <div
              className={clsx(
                "mx-auto overflow-hidden shadow-2",
                width === "phone"
                  ? "w-[390px] max-w-full rounded-[28px] border-8 border-line-2"
                  : "w-full max-w-[720px] rounded-[17px]",
              )}
            >
              <LiveForm
                title={props.title}
                form={props.form}
                theme={props.theme}
                mode={mode}
                language={props.language}
                round={round}
              />
            </div>
            <p className="mt-4 text-center text-cap text-muted">{t("forms.previewText")}</p>
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function Named({ icon, name }: { icon: React.ReactNode; name: string }) {
  return (
    <span className="flex items-center gap-1.5 [&_svg]:size-4">
      {icon}
      <span className="max-lg:sr-only">{name}</span>
    </span>
  );
}
