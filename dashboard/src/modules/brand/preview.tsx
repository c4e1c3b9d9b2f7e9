import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { useSky } from "@/app/theme";
import { accentOf, NONE, readableOn } from "./colour";

/** The console, a mail and a widget in these colours, before they are saved. */
export function Preview(props: Props) {
  const { t } = useTranslation();
  return (
    <section aria-label={t("brand.preview")} className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-4">
      <Console {...props} />
      <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
        <Mail {...props} />
        <Widget {...props} />
      </div>
    </section>
  );
}

interface Props {
  name: string;
  logo?: string | null | undefined;
  accent: string;
  links: readonly { label: string }[];
}

/** The console shows pictures of its own address only; others are seen in mails and widgets. */
function Logo({ logo }: { logo: Props["logo"] }) {
  if (!logo || URL.parse(logo)?.origin !== location.origin) return null;
  return <img src={logo} alt="" className="h-8 max-w-40 object-contain" />;
}

function Console({ name, accent }: Props) {
  const { t } = useTranslation();
  const sky = useSky();
  const worn = accent === NONE ? undefined : accentOf(accent);
  const vars = worn && { "--accent-h": worn.hue, "--accent-k": worn.strength, "--accent-d": 0 };
  return (
    <figure
      data-theme={sky}
      data-preview="console"
      style={vars as CSSProperties | undefined}
      className="overflow-hidden rounded-panel border border-line bg-void text-ink shadow-1"
    >
      <figcaption className="px-4 pt-3 text-cap text-muted">{t("brand.inConsole")}</figcaption>
      <div aria-hidden="true" className="flex gap-4 p-4">
        <div className="flex w-36 shrink-0 flex-col gap-1 text-sm">
          <b className="truncate pb-1.5 font-[620]">{name}</b>
          <span className="rounded-[8px] bg-linear-to-r from-transparent to-accent-soft px-2.5 py-1 font-semibold rtl:bg-linear-to-l">
            {t("nav.overview")}
          </span>
          <span className="px-2.5 py-1 text-ink-2">{t("nav.contacts")}</span>
        </div>
        <div className="flex min-w-0 flex-1 flex-col items-start gap-2.5 rounded-[12px] border border-line bg-surface p-3.5 text-sm">
          <span>
            {t("brand.sample")} <span className="font-[540] text-accent-text">{t("brand.sampleLink")}</span>
          </span>
          <span className="flex gap-2">
            <span className="rounded-control bg-accent px-3 py-1.5 font-[620] text-on-accent">{t("action.save")}</span>
            <span className="rounded-control border border-accent-line bg-selected px-3 py-1.5">{t("action.add")}</span>
          </span>
        </div>
      </div>
    </figure>
  );
}

/** White paper in every theme: that is how mails and websites look. */
function Paper({ caption, children }: { caption: string; children: React.ReactNode }) {
  return (
    <figure
      data-theme="light"
      className="min-w-0 overflow-hidden rounded-panel border border-line bg-raised text-ink shadow-1"
    >
      <figcaption className="px-4 pt-3 text-cap text-muted">{caption}</figcaption>
      <div aria-hidden="true" className="flex flex-col items-start gap-2.5 p-4 text-sm">
        {children}
      </div>
    </figure>
  );
}

const filled = (accent: string): CSSProperties => ({ backgroundColor: accent, color: readableOn(accent) });

function Mail({ name, logo, accent, links }: Props) {
  const { t } = useTranslation();
  return (
    <Paper caption={t("brand.inMail")}>
      <Logo logo={logo} />
      <b className="max-w-full truncate text-[15px] font-[620]">{name}</b>
      <span className="text-ink-2">{t("brand.mailText")}</span>
      <span className="rounded-[8px] px-3.5 py-2 font-[620]" style={filled(accent)}>
        {t("brand.mailButton")}
      </span>
      <span className="w-full border-line border-t pt-2 text-cap text-muted">
        {[name, ...links.map(({ label }) => label)].filter(Boolean).join(" · ")}
      </span>
    </Paper>
  );
}

function Widget({ accent }: Props) {
  const { t } = useTranslation();
  return (
    <Paper caption={t("brand.inWidget")}>
      <span className="font-[560]">{t("field.email")}</span>
      <span className="h-9 w-full rounded-[10px] border border-control bg-raised" />
      <span className="w-full rounded-[12px] px-3.5 py-2.5 text-center font-[620]" style={filled(accent)}>
        {t("brand.send")}
      </span>
    </Paper>
  );
}
