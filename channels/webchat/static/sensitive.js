// Numbers that nobody needs to give here (bank card, National Insurance, NHS), found before they are sent.
// The server's rules (bot/text/sensitive.py), which take them out in any case: tests/channels/webchat/sensitive.yml
// holds both to the same answers. A check digit is not enough, since one number in ten passes by chance.

// Digits of the scripts that residents write in, spaces and dashes as a keyboard has them.
const ZEROS = "٠۰०০੦૦０";
const DIGITS = /[٠-٩۰-۹०-९০-৯੦-੯૦-૯０-９]/g;
const SPACES = /[\t\u00a0\u2007\u2009\u202f]/g;
const DASHES = /[‐‑‒–—−]/g;

const GAP = /^ ?[.-]? ?$/;
// Who issues cards, by their first digits, and how long these cards' numbers are (ISO/IEC 7812).
const ISSUERS = [
  [/^4/, [13, 16, 19]], // Visa
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|220[0-4])/, [16]], // Mastercard, Mir
  [/^3[47]/, [15]], // American Express
  [/^(30[0-59]|3[689])/, [14, 16]], // Diners Club
  [/^(352[89]|35[3-8])/, [16, 19]], // JCB
  [/^(6011|64[4-9]|65|62)/, [16, 17, 18, 19]], // Discover, UnionPay
  [/^(5018|5020|5038|5893|6304|6334|6759|676[1-37])/, [13, 15, 16, 18, 19]], // Maestro
];
const INSURANCE = new RegExp(
  "(?<![\\p{L}\\p{N}])(?!BG|GB|NK|KN|TN|NT|ZZ)(QQ|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])([ .-]?)" +
    "[0-9]{2}[ .-]?[0-9]{2}[ .-]?[0-9]{2}([ .-]?)([A-D])(?![\\p{L}\\p{N}])",
  "giu",
);
// "On 12 06 24 a van came": words that could be the letters of a number, before a date and another word.
const WORDS = new Set("am an as at be by he me my on or we".split(" "));
const SAYS_INSURANCE = /(?<!\[)\b(?:NI|nino)\b|insurance/i;
const SAYS_HEALTH = /(?<![[\p{L}\p{N}_])n\.?h\.?s/iu;
const BEFORE_PHONE = /(?:\+|\b00)(?: ?[0-9]{1,3})?[ .-]?(?:\( ?0 ?\))?[ .-]?$/;
const BEFORE_DECIMALS = /[0-9][.,]$/;

/** The kinds of numbers in a text that should not be sent: "card", "insurance", "health". */
export function sensitive(text) {
  let rest = text.replace(DIGITS, asciiDigit).replace(SPACES, " ").replace(DASHES, "-");
  const kinds = new Set();
  for (let before = null; before !== rest; ) {
    before = rest; // a number may be hidden by another one that stands against it
    for (const [kind, without] of [["card", withoutCards], ["insurance", withoutInsurance], ["health", withoutHealth]]) {
      const less = without(rest);
      if (less !== rest) kinds.add(kind);
      rest = less;
    }
  }
  return ["card", "insurance", "health"].filter((kind) => kinds.has(kind));
}

function asciiDigit(digit) {
  const code = digit.codePointAt(0);
  const zero = [...ZEROS].find((sign) => code >= sign.codePointAt(0) && code < sign.codePointAt(0) + 10);
  return String(code - zero.codePointAt(0));
}

function withoutCards(plain) {
  return without(plain, 19, "[card]", isCard);
}

function withoutInsurance(plain) {
  const isNamed = SAYS_INSURANCE.test(plain);
  return plain.replace(INSURANCE, (all, letters, first, last, suffix) => {
    const isProse = WORDS.has(letters.toLowerCase()) && first && last && suffix.toLowerCase() === "a";
    return isProse && !isNamed ? all : "[NI number]";
  });
}

function withoutHealth(plain) {
  const isNamed = SAYS_HEALTH.test(plain);
  return without(plain, 10, "[NHS number]", (row) => isHealth(row, isNamed));
}

function isCard({ digits, sizes }) {
  const isIssued = ISSUERS.some(([issuer, lengths]) => issuer.test(digits) && lengths.includes(digits.length));
  const isWrittenSo =
    sizes.slice(0, -1).every((size) => size % 4 === 0) ||
    sizes.every((size) => size === 1) ||
    ["4,6,5", "4,6,4"].includes(String(sizes));
  return isIssued && isWrittenSo && passesLuhn(digits);
}

function isHealth({ digits, sizes, hasLeft, hasRight }, isNamed) {
  if (digits.length !== 10 || hasLeft || digits[0] === "0") return false;
  const isWrittenSo = isNamed
    ? sizes.every((size) => size >= 3) || sizes.every((size) => size === 1) // otherwise a date and a time
    : String(sizes) === "3,3,4" && !hasRight && "34679".includes(digits[0]);
  return isWrittenSo && passesModulus11(digits);
}

function passesLuhn(digits) {
  const weighed = [...digits].reverse().map((digit, place) => Number(digit) * (place % 2 ? 2 : 1));
  return weighed.reduce((sum, number) => sum + (number > 9 ? number - 9 : number), 0) % 10 === 0;
}

function passesModulus11(digits) {
  const sum = [...digits].slice(0, 9).reduce((total, digit, place) => total + Number(digit) * (10 - place), 0);
  const rest = 11 - (sum % 11);
  return rest !== 10 && Number(digits[9]) === rest % 11;
}

/** The text with the rows of up to `most` digits that are real replaced by `label`. */
function without(plain, most, label, isReal) {
  let kept = "";
  let end = 0;
  for (const row of rows(plain, most)) {
    const before = plain.slice(Math.max(0, row.start - 12), row.start);
    if (row.start < end || !isReal(row) || BEFORE_PHONE.test(before) || BEFORE_DECIMALS.test(before)) continue;
    kept += plain.slice(end, row.start) + label;
    end = row.end;
  }
  return kept + plain.slice(end);
}

/** Every row of whole groups with up to `most` digits, from left to right, longer ones first. */
function* rows(plain, most) {
  const groups = Array.from(plain.matchAll(/[0-9]+/g), ({ 0: digits, index }) => ({
    digits,
    start: index,
    end: index + digits.length,
  }));
  const isLinked = groups.map(({ end }, i) => i + 1 < groups.length && GAP.test(plain.slice(end, groups[i + 1].start)));
  for (const [first, group] of groups.entries()) {
    let last = first;
    let count = group.digits.length;
    while (isLinked[last] && count + groups[last + 1].digits.length <= most) {
      last += 1;
      count += groups[last].digits.length;
    }
    for (let end = last; count <= most && end >= first; end -= 1) {
      const parts = groups.slice(first, end + 1).map(({ digits }) => digits);
      yield {
        digits: parts.join(""),
        sizes: parts.map(({ length }) => length),
        start: group.start,
        end: groups[end].end,
        hasLeft: first > 0 && isLinked[first - 1],
        hasRight: isLinked[end],
      };
    }
  }
}
