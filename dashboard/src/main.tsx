import "./app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";
import { followTheme } from "./app/theme";
import { startLanguage } from "./i18n";

const place = document.getElementById("app");
if (!place) throw new Error("no place to render into");
followTheme();
await startLanguage();
if (import.meta.env.PROD && "serviceWorker" in navigator)
  // After everything that the first view needs.
  addEventListener(
    "load",
    () => void import("./app/version").then(({ keepVersion }) => keepVersion()).catch(() => undefined),
  );
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
