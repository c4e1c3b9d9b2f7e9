import { contrast } from "@widget/look";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, RotateCcw, TriangleAlert } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSky } from "@/app/theme";
import { useFormats } from "@/i18n/format";
import { Button, IconButton } from "@/ui/button";
import { FieldFrame } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Segments } from "@/ui/segments";
import { brand } from "../data";
import { LiveForm } from "../live-form";
import { useFormLanguage } from "./canvas";
import "./canvas.css";
import { useDraft } from "./context";
import { SelectInput } from "./inputs";
import { COLOURS, type Colour, DEFAULTS, FONTS, readable } from "./theme";

const ENOUGH = 4.5;

/** The eight variables of the form's look, with the form itself beside them. What could not be read is said at once. */
export function Style() {
  const { t } = useTranslation();
  const { doc, draft } = useDraft();
  const [mode, setMode] = useState(useSky());
  const language = useFormLanguage(doc.locale);
  return (
    <div className="flex min-h-0 flex-1 max-md:block max-md:overflow-y-auto">
      <section
        aria-label={t("forms.tab.style")}
        className="w-[340px] shrink-0 overflow-y-auto border-line border-e px-5 pt-5 pb-10 max-md:w-auto max-md:border-e-0"
      >
        <Looks />
      </section>
      <div className="dotted min-w-0 flex-1 overflow-y-auto p-6 max-md:p-4">
        <div className="mx-auto mb-3 flex max-w-[640px] justify-end">
          <Segments
            label={t("theme.label")}
            value={mode}
            onChange={setMode}
            options={[
              { value: "light", label: t("theme.light") },
              { value: "dark", label: t("theme.dark") },
            ]}
          />
        </div>
        <div className="mx-auto max-w-[640px] overflow-hidden rounded-[17px] shadow-2">
          <LiveForm
            title={t("forms.previewOf", { name: doc.name })}
            form={draft}
            theme={doc.theme}
            mode={mode}
            language={language}
          />
        </div>
        {mode === "dark" && (
          <p className="mx-auto mt-3 max-w-[640px] text-cap text-muted">{t("forms.theme.darkText")}</p>
        )}
      </div>
    </div>
  );
}

function Looks() {
  const { t } = useTranslation();
  const { editor, doc } = useDraft();
  const { data } = useQuery(brand);
  const { theme } = doc;
  const branded = (data?.colors ?? {}) as Record<string, string | null | undefined>;
  const of = (name: Colour) => theme[name] ?? branded[name] ?? undefined;
  const set = (name: string, value: string | undefined) =>
    editor.apply((old) => {
      const { [name]: _, ...rest } = old.theme;
      return { ...old, theme: value === undefined ? rest : { ...rest, [name]: value } };
    }, `theme.${name}`);
  const surface = of("surface") ?? DEFAULTS.surface;
  const accent = of("accent") ?? DEFAULTS.accent;
  const onAccent = of("on_accent") ?? readable(accent);
  const radius = Number.parseFloat(theme.radius ?? "12");
  const density = Number(theme.density ?? "1");
  return (
    <div className="flex flex-col gap-4">
      {COLOURS.map((name) => (
        <ColourInput
          key={name}
          name={name}
          value={theme[name]}
          inherited={branded[name] ?? (name === "on_accent" ? readable(accent) : DEFAULTS[name])}
          onChange={(value) => set(name, value)}
        />
      ))}
      <Guard
        label={t("forms.theme.textOnSurface")}
        front={of("text") ?? DEFAULTS.text}
        back={surface}
        onFix={(fixed) => set("text", fixed)}
      />
      <Guard
        label={t("forms.theme.textOnAccent")}
        front={onAccent}
        back={accent}
        onFix={(fixed) => set("on_accent", fixed)}
      />
      <hr className="border-line" />
      <Slider
        label={t("forms.theme.radius")}
        value={Number.isFinite(radius) ? radius : 12}
        min={0}
        max={28}
        step={1}
        say={(value) => `${value} px`}
        onChange={(value) => set("radius", `${value}px`)}
      />
      <Slider
        label={t("forms.theme.density")}
        value={Number.isFinite(density) ? density : 1}
        min={0.85}
        max={1.15}
        step={0.05}
        say={(value) => value.toFixed(2)}
        onChange={(value) => set("density", String(value))}
      />
      <SelectInput
        label={t("forms.theme.font")}
        help={t("forms.theme.fontHelp")}
        value={theme.font ?? ""}
        onChange={(font) => set("font", font || undefined)}
        options={[
          { value: "", label: t("forms.theme.fontSite") },
          ...FONTS.map(({ name, stack }) => ({ value: stack, label: t(`forms.theme.fonts.${name}`) })),
          ...(theme.font && !FONTS.some(({ stack }) => stack === theme.font)
            ? [{ value: theme.font, label: theme.font }]
            : []),
        ]}
      />
      {Object.keys(theme).length > 0 && (
        <Button
          icon={<RotateCcw />}
          className="self-start"
          onClick={() => editor.apply((old) => ({ ...old, theme: {} }))}
        >
          {t("forms.theme.reset")}
        </Button>
      )}
      <p className="text-cap text-muted">{t("forms.theme.note")}</p>
    </div>
  );
}

function ColourInput(props: {
  name: Colour;
  value: string | undefined;
  inherited: string;
  onChange: (value: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const { name, value, inherited, onChange } = props;
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const label = t(`forms.theme.${name}`);
  const take = (text: string) => {
    setTyped(text);
    const hex = text.trim();
    if (/^#?[0-9a-f]{6}$/i.test(hex)) onChange(hex.startsWith("#") ? hex.toLowerCase() : `#${hex.toLowerCase()}`);
    else if (hex === "") onChange(undefined);
  };
  return (
    <FieldFrame id={id} label={label}>
      <span className="flex items-center gap-1.5">
        <input
          type="color"
          aria-label={t("forms.theme.pick", { colour: label })}
          value={/^#[0-9a-f]{6}$/i.test(value ?? inherited) ? (value ?? inherited) : "#000000"}
          onChange={(event) => {
            setTyped(undefined);
            onChange(event.target.value);
          }}
          className="h-[38px] w-11 shrink-0 cursor-pointer rounded-control border border-control bg-sunken p-1 max-md:h-11"
        />
        <input
          id={id}
          dir="ltr"
          value={typed ?? value ?? ""}
          placeholder={inherited}
          maxLength={7}
          spellCheck={false}
          onChange={(event) => take(event.target.value)}
          onBlur={() => setTyped(undefined)}
          className={`${inputLook} ${inputHeight} font-mono`}
        />
        {value !== undefined && (
          <IconButton label={t("forms.theme.inherit", { colour: label })} onClick={() => onChange(undefined)}>
            <RotateCcw />
          </IconButton>
        )}
      </span>
    </FieldFrame>
  );
}

/** The form moves a colour that cannot be read; better to choose one that can. */
function Guard(props: { label: string; front: string; back: string; onFix: (colour: string) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const ratio = contrast(props.front, props.back);
  const fine = ratio >= ENOUGH;
  const figure = new Intl.NumberFormat(formats.locale, { maximumFractionDigits: 1 }).format(ratio);
  return (
    <p
      role="status"
      className={`flex items-start gap-2 rounded-[12px] px-3 py-2 text-sm ${fine ? "bg-success-soft" : "bg-warning-soft"}`}
    >
      {fine ? (
        <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-success-text" />
      ) : (
        <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warning-text" />
      )}
      <span className="min-w-0 flex-1">
        {t(fine ? "forms.theme.readable" : "forms.theme.unreadable", { pair: props.label, ratio: figure })}
      </span>
      {!fine && (
        <Button size="small" onClick={() => props.onFix(readable(props.back))}>
          {t("forms.theme.fix")}
        </Button>
      )}
    </p>
  );
}

function Slider(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  say: (value: number) => string;
  onChange: (value: number) => void;
}) {
  const id = useId();
  return (
    <FieldFrame
      id={id}
      label={props.label}
      beside={<output className="num text-muted">{props.say(props.value)}</output>}
    >
      <input
        id={id}
        type="range"
        min={props.min}
        max={props.max}
        step={props.step}
        value={props.value}
        aria-valuetext={props.say(props.value)}
        onChange={(event) => props.onChange(Number(event.target.value))}
        className="h-8 w-full coarse:h-11"
      />
    </FieldFrame>
  );
}
