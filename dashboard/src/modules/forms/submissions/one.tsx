import { useNavigate, useParams } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/app/may";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Detail } from "./detail";

/** One submission at an address of its own: notifications lead here. */
export function SubmissionPage() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { id } = useParams({ from: "/shell/submissions/$id" });
  if (me && !may(me, "forms.read")) return <Forbidden title={t("forms.answers")} needs="forms.read" />;
  return (
    <Page
      title={t("forms.oneAnswer")}
      back="/submissions"
      fixed
      crumbs={
        <>
          <Link to="/submissions" className="font-[420] text-muted!">
            {t("forms.allAnswers")}
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
          <b className="font-semibold text-ink">{t("forms.oneAnswer")}</b>
        </>
      }
    >
      <div className="mx-auto flex min-h-0 w-full max-w-[760px] flex-1 flex-col px-7 pt-4 pb-5 max-md:px-0 max-md:pt-2 max-md:pb-0">
        <Panel label={t("forms.oneAnswer")} bare fill>
          <Detail key={id} id={id} onGone={() => void navigate({ to: "/submissions" })} />
        </Panel>
      </div>
    </Page>
  );
}
