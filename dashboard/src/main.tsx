import "./app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";

const place = document.getElementById("app");
if (!place) throw new Error("no place to render into");
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
