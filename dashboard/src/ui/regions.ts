/** ISO 3166 alpha-2, as far as Intl knows a name for them; browsers cannot list them by themselves. */
const CODES =
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/** ISO 639 languages that people are written to in; a browser cannot list these either. */
const LANGUAGES =
  "af am ar as az be bg bn bs ca ckb cs cy da de el en es et eu fa fi fil fr ga gl gu ha he hi hr hu hy id ig is it ja ka kk km kn ko ku ky lb lo lt lv mg mi mk ml mn mr ms mt my nb ne nl nn or pa pl ps pt rm ro ru rw sd si sk sl sm sn so sq sr su sv sw ta te tg th ti tk tl tr tt ug uk ur uz vi xh yi yo zh zu";

const named = (codes: readonly string[], locale: string, type: "region" | "currency" | "language") => {
  const names = new Intl.DisplayNames([locale], { type, fallback: "code" });
  const sorted = new Intl.Collator(locale);
  return codes.map((code) => ({ code, name: names.of(code) ?? code })).sort((a, b) => sorted.compare(a.name, b.name));
};

/** Every country with its name in a language, in the order of that language. */
export const countries = (locale: string) => named(CODES.split(" "), locale, "region");
/** Every currency that is in use. */
export const currencies = (locale: string) => named(Intl.supportedValuesOf("currency"), locale, "currency");
/** The languages that people are written to in. */
export const languages = (locale: string) => named(LANGUAGES.split(" "), locale, "language");
