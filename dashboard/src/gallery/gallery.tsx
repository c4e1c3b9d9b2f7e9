import { lazy, Suspense, useState } from "react";
import { setTheme, useSky } from "@/app/theme";
import { Terminator } from "@/sky";
import { Segments } from "@/ui/segments";
import { Pieces } from "./pieces";

const Sky = lazy(async () => ({ default: (await import("./sky")).SkyGallery }));

/** What the console is made of: the pieces of every page, and the drawings. It is in no build. */
export function Gallery() {
  const [of, setOf] = useState<"pieces" | "sky">(location.hash === "#sky" ? "sky" : "pieces");
  const theme = useSky();
  return (
    <>
      <header className="flex items-center gap-3 px-7 pt-4 max-md:px-4">
        <h1 className="wide text-h1 font-semibold">Gallery</h1>
        <Segments
          label="What is shown"
          value={of}
          onChange={setOf}
          options={[
            { value: "pieces", label: "Pieces" },
            { value: "sky", label: "Drawings" },
          ]}
        />
        {of === "pieces" && (
          <Terminator theme={theme} onChange={(next) => void setTheme(next)} className="ms-auto p-3" />
        )}
      </header>
      {of === "pieces" ? (
        <Pieces />
      ) : (
        <Suspense>
          <Sky />
        </Suspense>
      )}
    </>
  );
}
