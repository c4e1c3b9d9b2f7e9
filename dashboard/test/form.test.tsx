import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeAll, expect, test, vi } from "vitest";
import * as z from "zod/mini";
import { ApiProblem, Unreachable } from "@/api/problem";
import { startLanguage } from "@/i18n";
import { TextField } from "@/ui/field";
import { pathOf, useServerForm } from "@/ui/form";

beforeAll(() => startLanguage("en"));

const schema = z.object({ name: z.string().check(z.minLength(1, "required")), email: z.string() });

function Form({ submit }: { submit: () => Promise<void> }) {
  const { form, onSubmit, trouble } = useServerForm({
    schema,
    defaults: { name: "", email: "" },
    fields: { "/emails/0/address": "email" },
    submit,
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      {trouble}
      <TextField form={form} name="name" label="Name" />
      <TextField form={form} name="email" label="Email" />
      <button type="submit">Send</button>
    </form>
  );
}

const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const send = () => act(async () => fireEvent.click(screen.getByText("Send")));
const said = (label: string) => {
  const id = screen.getByLabelText(label).getAttribute("aria-describedby");
  return id && document.getElementById(id)?.textContent;
};

test("what the schema refuses is never sent", async () => {
  const submit = vi.fn(async () => undefined);
  render(<Form submit={submit} />);
  await send();
  expect(said("Name")).toBe("Fill this in.");
  expect(submit).not.toHaveBeenCalled();
});

test("what the server refuses stands under its field; what was typed stays", async () => {
  const errors = [
    { field: "/emails/0/address", code: "email_invalid", detail: "x" },
    { field: "/name", code: "never_heard_of", detail: "The server's own words." },
  ];
  const submit = vi.fn().mockRejectedValue(new ApiProblem(422, "invalid", "No.", errors));
  render(<Form submit={submit} />);
  type("Name", "Ada");
  type("Email", "ada@");
  await send();
  expect(said("Email")).toMatch(/address like/);
  expect(said("Name")).toBe("The server's own words.");
  expect(screen.getByLabelText<HTMLInputElement>("Email").value).toBe("ada@");
  expect(screen.queryByRole("alert")).toBeNull();
});

test("what belongs to no field stands above the button", async () => {
  const submit = vi.fn().mockRejectedValue(new ApiProblem(403, "account_blocked", "x"));
  render(<Form submit={submit} />);
  type("Name", "Ada");
  await send();
  expect(screen.getByRole("alert").textContent).toBe("This account is blocked.");
});

test("a server that is away loses nothing", async () => {
  render(<Form submit={vi.fn().mockRejectedValue(new Unreachable())} />);
  type("Name", "Ada");
  await send();
  expect(screen.getByRole("alert").textContent).toMatch(/could not be reached/);
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Ada");
});

test("too many tries count down, and until then nothing is sent", async () => {
  const submit = vi.fn().mockRejectedValue(new ApiProblem(429, "rate_limited", "x", [], undefined, 9));
  render(<Form submit={submit} />);
  type("Name", "Ada");
  await send();
  expect(screen.getByRole("alert").textContent).toMatch(/again in 9 seconds/);
  await send();
  expect(submit).toHaveBeenCalledTimes(1);
});

test("JSON pointers become paths of the form", () => {
  expect(pathOf("/emails/0/address")).toBe("emails.0.address");
  expect(pathOf("/a~1b")).toBe("a/b");
});
