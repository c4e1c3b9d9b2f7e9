import type { CustomField } from "../../fields/data";
import { shapeOf } from "../../fields/show";

/** What can be asked of a value, by what it is; a formula is asked for what it gives. */
export function opsOf(field: CustomField): readonly string[] {
  switch (shapeOf(field)) {
    case "number":
    case "money":
    case "date":
      return ["gte", "lte", "eq"];
    case "select":
      return ["eq", "ne"];
    case "multi_select":
      return ["has"];
    case "checkbox":
      return ["eq"];
    case "long_text":
      return ["contains"];
    case "text":
      return ["contains", "eq"];
    default:
      return [];
  }
}
