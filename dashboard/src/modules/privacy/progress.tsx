import { CircleCheck, CircleX, LoaderCircle, Scale } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { sayProblem } from "@/i18n/problems";
import { Chip } from "@/ui/chip";
import { CopyButton } from "@/ui/copy";
import { Link } from "@/ui/link";
import { type DataRequest, erased, type State } from "./data";

const LOOK = {
  queued: { tone: "sun", icon: LoaderCircle },
  done: { tone: "success", icon: CircleCheck },
  failed: { tone: "danger", icon: CircleX },
  refused: { tone: "warning", icon: Scale },
} as const;

export function RequestState({ request }: { request: DataRequest }) {
  const { t } = useTranslation();
  const state = request.state as State;
  const { tone, icon: Icon } = LOOK[state] ?? LOOK.queued;
  return (
    <Chip tone={tone}>
      <Icon aria-hidden="true" />
      {t(`privacy.states.${state}`)}
    </Chip>
  );
}

/** How far a request is, what it did, and who else has the person's addresses. */
export function Progress({ request }: { request: DataRequest }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { state, kind, error, document_until, proof_hash, same_address } = request;
  const tables = erased(request.proof);
  return (
    <div className="flex flex-col gap-3 text-sm">
      <p role="status" className="flex flex-wrap items-center gap-2.5">
        <RequestState request={request} />
        {state === "queued" && t("privacy.queuedText")}
        {state === "done" && kind === "export" && document_until
          ? t("privacy.exportDone", { when: formats.full(document_until) })
          : null}
        {state === "done" && kind === "export" && !document_until ? t("privacy.documentGone") : null}
        {state === "done" && kind === "erasure" && t("privacy.eraseDone")}
        {state === "refused" && t("privacy.refusedText")}
        {state === "failed" && t("privacy.failedText")}
      </p>
      {error && state === "failed" && <p className="text-danger-text">{sayProblem(error)}</p>}
      {tables.length > 0 && (
        <dl className="num grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 rounded-[12px] border border-line px-3.5 py-2.5">
          {tables.map(([table, count]) => (
            <div key={table} className="contents">
              <dt>
                <code className="font-mono text-[12px]" dir="ltr">
                  {table}
                </code>
              </dt>
              <dd className="text-end">{formats.count(count)}</dd>
            </div>
          ))}
        </dl>
      )}
      {proof_hash && (
        <p className="flex items-center gap-1 text-muted">
          {t("privacy.proof")}
          <code className="min-w-0 truncate font-mono text-[12px]" dir="ltr">
            {proof_hash}
          </code>
          <CopyButton text={proof_hash} what={t("privacy.proof")} />
        </p>
      )}
      {same_address.length > 0 && (
        <div>
          <p>{t("privacy.sameAddress", { count: same_address.length })}</p>
          <ul className="mt-1 list-disc ps-5">
            {same_address.map((id) => (
              <li key={id}>
                <Link to="/contacts/$id" params={{ id }}>
                  <code className="font-mono text-[12px]" dir="ltr">
                    {id}
                  </code>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
