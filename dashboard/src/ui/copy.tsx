import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, type ButtonProps, IconButton } from "./button";
import { sayError } from "./toast";

/** Copies, and says so where it was pressed; a browser that refuses is told about. */
export function useCopy(text: string): { copied: boolean; copy: () => void } {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => sayError(t("error.notCopied")),
    );
  return { copied, copy };
}

/** A small icon beside what it copies. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy(text);
  return (
    <>
      <IconButton label={`${t("action.copy")}: ${what}`} onClick={copy} small>
        {copied ? <Check className="text-success-text" /> : <Copy />}
      </IconButton>
      <span role="status" className="sr-only">
        {copied && t("action.copied")}
      </span>
    </>
  );
}

export function CopyWide({ text, label, ...rest }: { text: string; label?: string } & ButtonProps) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy(text);
  return (
    <Button {...rest} icon={copied ? <Check /> : <Copy />} onClick={copy}>
      <span role="status">{copied ? t("action.copied") : (label ?? t("action.copy"))}</span>
    </Button>
  );
}
