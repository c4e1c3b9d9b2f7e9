declare module "@/i18n/words" {
  interface Words {
    sheets: typeof words;
  }
}

export const words = {
  export: "Export",
  csv: "CSV",
  xlsx: "Excel workbook",
  exported_one: "{{count}} row exported",
  exported_other: "{{count}} rows exported",
  problem: { sheet_too_long: "A workbook takes 1,048,575 rows: narrow the list, or take CSV." },
};
