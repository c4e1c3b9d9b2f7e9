export const words = {
  export: "تصدير",
  csv: "ملف CSV",
  xlsx: "مصنّف Excel",
  exported_zero: "لا صفوف للتصدير",
  exported_one: "صُدّر صف واحد",
  exported_two: "صُدّر صفّان",
  exported_few: "صُدّرت {{count}} صفوف",
  exported_many: "صُدّر {{count}} صفًا",
  exported_other: "صُدّر {{count}} صف",
  problem: { sheet_too_long: "يتسع المصنّف لـ 1,048,575 صفًا: ضيّق القائمة أو خذ ملف CSV." },
};
