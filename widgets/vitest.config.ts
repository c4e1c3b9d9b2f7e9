import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["**/test/**/*.test.{ts,tsx}"], exclude: ["node_modules", "dist"], testTimeout: 30_000 },
});
