import { useTranslation } from "react-i18next";
import { useMedia } from "@/ui/media";
import { Canvas } from "./canvas";
import { DragField } from "./drag";
import { Inspector } from "./inspector";
import { PalettePane } from "./palette-pane";
import { PhoneSheet } from "./phone-sheet";

/** Palette, canvas, inspector; on phones the canvas and a sheet from below. */
export function Build() {
  const { t } = useTranslation();
  const phone = useMedia("(max-width: 767px)");
  const wide = useMedia("(min-width: 1180px)");
  return (
    <DragField>
      <div className="flex min-h-0 flex-1 max-md:flex-col">
        {wide && (
          <aside
            aria-label={t("forms.palette.title")}
            className="w-[218px] shrink-0 overflow-y-auto border-line border-e px-5 pt-4 pb-8 [scrollbar-width:thin] xl:w-[236px]"
          >
            <PalettePane />
          </aside>
        )}
        <Canvas adds={!wide && !phone} />
        {phone ? (
          <PhoneSheet />
        ) : (
          <aside
            aria-label={t("forms.inspector")}
            className="w-[286px] shrink-0 overflow-y-auto border-line border-s [scrollbar-width:thin] xl:w-[304px]"
          >
            <Inspector />
          </aside>
        )}
      </div>
    </DragField>
  );
}
