import { defineConfig } from "vitest/config";

// Tests stand beside what they test. A test that needs a page says `// @vitest-environment happy-dom` on its first line.
export default defineConfig({
  test: { include: ["frontend/**/*.test.ts"], environment: "node", restoreMocks: true, passWithNoTests: true },
});
