import { QueryClientProvider, useMutation } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { ApiProblem } from "@/api/problem";
import { queries } from "@/api/queries";
import { startLanguage } from "@/i18n";
import { sayError } from "@/ui/toast";
import { Toasts } from "@/ui/toasts";

beforeAll(() => startLanguage("en"));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const busy = (seconds: number) => new ApiProblem(429, "rate_limited", "", [], undefined, seconds);

function Change({ send }: { send: (text: string) => Promise<unknown> }) {
  const { mutate } = useMutation({
    mutationFn: send,
    onError: (error) => sayError("Could not be saved", error.message),
  });
  return (
    <button type="button" onClick={() => mutate("typed")}>
      Send
    </button>
  );
}

test("a change that came too fast is counted down, said once, and sent again as it was", async () => {
  const send = vi.fn<(text: string) => Promise<unknown>>().mockRejectedValue(busy(3));
  render(
    <QueryClientProvider client={queries}>
      <Toasts />
      <Change send={send} />
    </QueryClientProvider>,
  );
  vi.useFakeTimers({ shouldAdvanceTime: true });
  fireEvent.click(screen.getByText("Send"));
  fireEvent.click(screen.getByText("Send"));
  const again = await screen.findByRole<HTMLButtonElement>("button", { name: "Try again", hidden: true });
  await waitFor(() => expect(send).toHaveBeenCalledTimes(2));
  expect(screen.getByText(/^Too many tries\. You can try again in \d seconds?\.$/)).toBeTruthy();
  expect(screen.queryByText("Too many tries. Wait a moment.")).toBeNull();
  expect(again.disabled).toBe(true);
  await act(() => vi.advanceTimersByTimeAsync(3_250));
  expect(again.disabled).toBe(false);
  // The same thing pressed twice goes out once.
  send.mockResolvedValue({});
  fireEvent.click(again);
  await waitFor(() => expect(send).toHaveBeenCalledTimes(3));
  expect(send.mock.lastCall?.[0]).toBe("typed");
});
