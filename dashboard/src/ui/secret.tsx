import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button";
import { CopyWide } from "./copy";
import { Dialog } from "./dialog";

/** A secret that is shown this once: the dialog stays until somebody says that he kept it. */
export function SecretOnce(props: {
  title: string;
  lead: ReactNode;
  label: string;
  secret: string;
  children?: ReactNode;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog open firm title={props.title} lead={props.lead} onClose={props.onDone}>
      <p className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{props.label}</p>
      <code
        dir="ltr"
        className="block rounded-[12px] border border-line bg-sunken p-3.5 text-start font-mono text-[12.5px] break-all select-all"
      >
        {props.secret}
      </code>
      {props.children}
      <footer className="mt-4 flex justify-end gap-2">
        <CopyWide text={props.secret} />
        <Button look="primary" onClick={props.onDone}>
          {t("action.kept")}
        </Button>
      </footer>
    </Dialog>
  );
}
