/** Names the tests that passed only at their second try, and fails the run when they are more than a few. */
import type { FullConfig, FullResult, Reporter, Suite, TestCase } from "@playwright/test/reporter";

/** One or two are a slow second of the machine; more are faults of the product or of the tests. */
const MOST = 3;

/** What was wrong at the first try, in one line. */
const why = ({ results }: TestCase): string => {
  const said = results[0]?.error?.message ?? results[0]?.status ?? "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
  return said.replace(/\u001b\[[0-9;]*m/g, "").split("\n", 1)[0] ?? "";
};

export default class Flaky implements Reporter {
  private suite: Suite | undefined;

  onBegin(_: FullConfig, suite: Suite): void {
    this.suite = suite;
  }

  async onEnd(): Promise<{ status?: FullResult["status"] } | undefined> {
    const flaky = this.suite?.allTests().filter((test) => test.outcome() === "flaky") ?? [];
    for (const test of flaky)
      process.stdout.write(`flaky: ${test.titlePath().filter(Boolean).join(" › ")}: ${why(test)}\n`);
    if (flaky.length <= MOST) return undefined;
    process.stdout.write(`${flaky.length} tests needed a second try, ${MOST} may.\n`);
    return { status: "failed" };
  }

  printsToStdio(): boolean {
    return false;
  }
}
