import { RotateCw } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { sayThrown } from "@/i18n/problems";
import { withWords } from "@/i18n/words";
import { Button } from "./button";

/** A hollow body on a bare horizon: what this place is for, one thing to do, one alternative. */
export function Empty(props: {
  title: string;
  /** The page has no other heading. */
  first?: boolean;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  const Title = props.first ? "h1" : "p";
  return (
    <div className="flex flex-col items-center px-5.5 pt-6.5 pb-7 text-center">
      <svg viewBox="0 0 190 96" aria-hidden="true" className="mb-3 h-24 w-[190px]">
        <path d="M5 84Q95 44 185 84" fill="none" stroke="var(--line-2)" />
        <path d="M22 84Q95 62 168 84" fill="none" stroke="var(--line)" />
        <circle cx="95" cy="64" r="6" fill="none" stroke="var(--accent)" strokeWidth="1.75" strokeDasharray="3 3" />
      </svg>
      <Title className="snug text-base font-semibold">{props.title}</Title>
      {props.children && (
        <p className="mt-1 mb-3.5 max-w-[40ch] text-balance text-[13.5px] text-muted">{props.children}</p>
      )}
      {props.actions && <div className="flex flex-wrap justify-center gap-2">{props.actions}</div>}
    </div>
  );
}

export interface Wrong<E = unknown> {
  error: E;
  onRetry?: () => void;
}

/** What is said of everything that goes wrong. */
function Plain({ error, onRetry }: Wrong) {
  const { t } = useTranslation();
  return (
    <>
      <p className="mt-1 mb-3.5 max-w-[44ch] text-[13.5px] text-muted">{sayThrown(error)}</p>
      {onRetry && (
        <Button icon={<RotateCw />} onClick={onRetry}>
          {t("action.retry")}
        </Button>
      )}
    </>
  );
}

/** Of a refusal there is more to say; few are ever seen. */
const Refusal = lazy(() =>
  withWords(["shell"], import("@/shell/refusal")).then(
    ({ Refusal }) => ({ default: Refusal }),
    () => ({ default: Plain }),
  ),
);

/** A broken horizon with the body leaving it: what failed, what is still true, what happens next. */
export function Failed(props: Wrong & { title?: string; first?: boolean }) {
  const Title = props.first ? "h1" : "p";
  const { t } = useTranslation();
  const { error, onRetry } = props;
  const refused = error instanceof ApiProblem ? error : undefined;
  return (
    <div role="alert" className="flex flex-col items-center px-5.5 pt-6.5 pb-7 text-center">
      <svg viewBox="0 0 190 96" aria-hidden="true" className="mb-3 h-24 w-[190px]">
        <path d="M5 84Q60 60 84 55" fill="none" stroke="var(--line-2)" />
        <path d="M106 55Q130 60 185 84" fill="none" stroke="var(--line-2)" />
        <path d="M84 55Q104 48 118 22" fill="none" stroke="var(--danger)" strokeDasharray="3 4" strokeWidth="1.5" />
        <circle cx="120" cy="18" r="6" fill="none" stroke="var(--danger)" strokeWidth="1.75" />
      </svg>
      <Title className="snug text-base font-semibold">{props.title ?? t("error.panel")}</Title>
      {refused ? (
        <Suspense
          fallback={
            // Its place: what is said there a moment later is said once.
            <div className="invisible">
              <Plain {...props} />
            </div>
          }
        >
          <Refusal error={refused} onRetry={onRetry} />
        </Suspense>
      ) : (
        <Plain {...props} />
      )}
      {refused?.requestId && (
        <p className="mt-3 text-cap text-muted">
          {t("error.request")} <code className="font-mono">{refused.requestId}</code>
        </p>
      )}
    </div>
  );
}

/**
 * Nothing for 200 ms: most answers come sooner, and a flash of grey is worse than a moment of nothing. The place is kept
 * from the start, so that nothing below moves twice.
 */
export function Later({ children, ms = 200 }: { children: ReactNode; ms?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return <div className={late ? undefined : "invisible"}>{children}</div>;
}

/** A grey body in the place of what comes, with a slow sweep. */
export function Skeleton({ className = "" }: { className?: string }) {
  return <span aria-hidden="true" className={`skeleton block rounded-[7px] ${className}`} />;
}

/** Rows in their final height. */
export function SkeletonRows({ rows = 8, tall }: { rows?: number; tall?: boolean }) {
  const { t } = useTranslation();
  return (
    <Later>
      <div role="status" aria-label={t("state.loading")}>
        {Array.from({ length: rows }, (_, row) => (
          <div
            key={row}
            className={`flex items-center gap-3 border-line border-b px-[18px] last:border-0 ${tall ? "h-[57px]" : "h-11"}`}
          >
            <Skeleton className="size-7 rounded-full" />
            <Skeleton className="h-3 w-40" />
            <Skeleton className="ms-auto h-3 w-24" />
            <Skeleton className="h-3 w-16 max-md:hidden" />
          </div>
        ))}
      </div>
    </Later>
  );
}
