export const words = {
  said: "الملاحظات والرسائل",
  answers: "إجابات النماذج",
  note: "ملاحظة",
  about: "عن {{name}}",
};
