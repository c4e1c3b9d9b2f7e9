/** Files of records: sent, seen in small, brought back after a slip, downloaded. */
import { readFile } from "node:fs/promises";
import type { Locator } from "@playwright/test";
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

const PICTURE = new URL("../../it/attachments/given/red.png", import.meta.url);

test("files are kept with a person, a company and a deal", async ({ page, at, world }) => {
  const person = await founder(world, "Paper Trail");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const ada = await api.call<Schema<"Contact">>("POST", "/v1/contacts", { first_name: "Ada", last_name: "Byron" });
  const deal = await api.call<Schema<"Deal">>("POST", "/v1/deals", { title: "Engines" });
  const company = await api.call<Schema<"Company">>("POST", "/v1/companies", { name: "Analytical" });
  const buffer = await readFile(PICTURE);
  const files = page.getByRole("group", { name: "Files" }).filter({ visible: true });

  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, `/contacts/${ada.id}`);
  await expect(files.getByText("No files yet")).toBeVisible();
  await files
    .getByLabel("Add files")
    .last()
    .setInputFiles([
      { name: "Plan of the engine.png", mimeType: "image/png", buffer },
      {
        name: `${"A contract with a very long name ".repeat(5)}.txt`,
        mimeType: "text/plain",
        buffer: Buffer.from("Terms"),
      },
    ]);
  await expect(files.getByRole("listitem")).toHaveCount(2);
  // The picture is seen in small a moment later, without anybody asking.
  const small = files.getByRole("listitem").filter({ hasText: "Plan of the engine.png" }).locator("img");
  await expect(small).toBeVisible();
  await expect.poll(() => small.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(2);
  await fits(page);
  await files.scrollIntoViewIfNeeded();
  await shoot(page, "attachments-dark-1440");
  const coming = page.waitForEvent("download");
  await files.getByRole("button", { name: "Download Plan of the engine.png" }).click();
  const got = await coming;
  expect(got.suggestedFilename()).toBe("Plan of the engine.png");
  expect(await readFile(await got.path())).toEqual(buffer);
  await files.getByRole("button", { name: "Remove Plan of the engine.png" }).click();
  await expect(files.getByRole("listitem")).toHaveCount(1);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(files.getByRole("listitem")).toHaveCount(2);

  // A note takes files with it; they stand below its words. They wait with what is written, also over a reload.
  const fall = async (place: Locator, name: string) => {
    const make = (name: string) => {
      const data = new DataTransfer();
      data.items.add(new File(["Words"], name, { type: "text/plain" }));
      return data;
    };
    await place.dispatchEvent("drop", { dataTransfer: await page.evaluateHandle(make, name) });
  };
  const note = page.getByRole("group", { name: "Note", exact: true });
  await note.getByRole("textbox").fill("As discussed");
  await note.getByLabel("Add files").last().setInputFiles({ name: "Sketch.png", mimeType: "image/png", buffer });
  await fall(note, "Minutes.txt");
  await expect(note.getByRole("listitem")).toHaveText(["Sketch.png", "Minutes.txt"]);
  await page.reload();
  await note.getByRole("button", { name: "Remove Minutes.txt" }).click();
  await note.getByRole("button", { name: "Add note" }).click();
  const said = page.locator("blockquote", { hasText: "As discussed" });
  await expect(said.getByRole("button", { name: "Download Sketch.png" })).toBeVisible();
  await expect(note.getByRole("listitem")).toHaveCount(0);
  await shoot(page, "attachments-note-dark-1440");
  await page.getByRole("button", { name: "Edit the note" }).click();
  await expect(page.getByRole("button", { name: "Remove Sketch.png" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();

  // What is let fall on the card of a deal.
  await page.goto(`${at}/deals/${deal.id}`);
  await expect(files.getByText("No files yet")).toBeVisible();
  await fall(files, "Offer.txt");
  await expect(files.getByText("Offer.txt")).toBeVisible();
  // A task has files where it is read.
  const task = await api.call<Schema<"Task">>("POST", "/v1/tasks", { title: "Check the drawings", contact: ada.id });
  await page.goto(`${at}/tasks?who=everybody&task=${task.id}`);
  const panel = page.getByRole("dialog", { name: "Check the drawings" });
  await panel
    .getByLabel("Add files")
    .last()
    .setInputFiles({ name: "Drawing.txt", mimeType: "text/plain", buffer: Buffer.from("Drawing") });
  await expect(panel.getByText("Drawing.txt")).toBeVisible();
  await shoot(page, "attachments-task-dark-1440");

  await page.emulateMedia({ colorScheme: "light" });
  // What all of it takes stands in the settings.
  await page.goto(`${at}/settings/storage`);
  await expect(page.getByText("Attached to records")).toBeVisible();
  await expect(page.getByText("Nothing is held back")).toBeVisible();
  await shoot(page, "settings-storage-light-1440");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.reload();
  await expect(page.getByText("Attached to records")).toBeVisible();
  await fits(page);
  await shoot(page, "settings-storage-light-390");
  await page.goto(`${at}/companies/${company.id}`);
  await expect(files.getByText("No files yet")).toBeVisible();
  await fits(page);
  await files.scrollIntoViewIfNeeded();
  await shoot(page, "attachments-light-390");
});
