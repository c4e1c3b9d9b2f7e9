import { CopyButton } from "./copy";

/** Something to be copied as it is: never broken, never mirrored. */
export function Code({ text, label, wrap }: { text: string; label: string; wrap?: boolean }) {
  return (
    <div className="relative rounded-[12px] border border-line bg-sunken">
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        className="max-h-96 overflow-auto rounded-[12px] p-3.5 pe-12"
      >
        <pre
          dir="ltr"
          className={`text-start font-mono text-[12px] leading-[1.6] text-ink ${wrap ? "break-all whitespace-pre-wrap" : ""}`}
        >
          {text}
        </pre>
      </section>
      <span className="absolute end-0 top-0 rounded-[11px] bg-sunken p-[5px]">
        <CopyButton text={text} what={label} />
      </span>
    </div>
  );
}
