import { Tags } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/app/may";
import { Button } from "@/ui/button";

const TagsDialog = lazy(async () => ({ default: (await import("./dialog")).TagsDialog }));

/** Tags are everybody's: whoever may change every contact looks after them. */
export function TagsButton() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const all = useMe()?.grants["contacts.write"] === "all";
  if (!all) return null;
  return (
    <>
      <Button writes icon={<Tags />} title={t("contacts.tags")} onClick={() => setOpen(true)} className="max-md:hidden">
        <span className="md:max-xl:sr-only">{t("contacts.tags")}</span>
      </Button>
      <Suspense>{open && <TagsDialog onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
