import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Boundary } from "@/ui/boundary";
import type { SectionId } from "./sections";

/** The content of a settings page under its name, with what can be done there at the end of the line. */
export function Section(props: {
  id: SectionId;
  actions?: ReactNode;
  /** Lists take all the room there is; forms stay narrow enough to be read. */
  wide?: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const { id, actions, wide, children } = props;
  return (
    <div className={wide ? "max-w-[1180px]" : "max-w-[760px]"}>
      <header className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2.5">
        <div className="min-w-0 flex-1 basis-60">
          <h2 className="wide text-h1 font-[590] max-md:hidden">{t(`settings.sections.${id}.title`)}</h2>
          <p className="text-sm text-muted md:mt-0.5">{t(`settings.sections.${id}.text`)}</p>
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div className="flex min-w-0 flex-col gap-4 max-md:gap-3.5">
        <Boundary>{children}</Boundary>
      </div>
    </div>
  );
}
