// Numbers that nobody needs to give here (bank card, National Insurance, NHS), found before they are sent.
// The server's rules (bot/text/sensitive.py), which take them out in any case: tests/channels/webchat/sensitive.yml
// holds both to the same answers. A check digit is not enough, since one number in ten passes by chance.

// Digits of the scripts that residents write in, spaces and dashes as a keyboard has them.
const ZEROS = "٠۰०০੦૦０";
const DIGITS = /[٠-٩۰-۹०-९০-৯੦-੯૦-૯０-９]/g;
const SPACES = /[\t\u00a0\u2007\u2009\u202f]/g;
const DASHES = /[‐‑‒–—−]/g;

const GAP = /^ ?[.-]? ?$/;
// Who issues cards, by their first digits, and how long these cards' numbers are, longest first (ISO/IEC 7812).
const ISSUERS = [
  [/^4/, [19, 16, 13]], // Visa
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|220[0-4])/, [16]], // Mastercard, Mir
  [/^3[47]/, [15]], // American Express
  [/^(30[0-59]|3[689])/, [16, 14]], // Diners Club
  [/^(352[89]|35[3-8])/, [19, 16]], // JCB
  [/^(6011|64[4-9]|65|62)/, [19, 18, 17, 16]], // Discover, UnionPay
  [/^(5018|5020|5038|5893|6304|6334|6759|676[1-37])/, [19, 18, 16, 15, 13]], // Maestro
];
const INSURANCE = new RegExp(
  "(?<![\\p{L}\\p{N}])(?!BG|GB|NK|KN|TN|NT|ZZ)(QQ|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])([ .-]?)" +
    "[0-9]{2}[ .-]?[0-9]{2}[ .-]?[0-9]{2}([ .-]?)([A-D])(?![\\p{L}\\p{N}])",
  "giu",
);
// "On 12 06 24 a van came": words that could be the letters of a number, before a date and another word.
const WORDS = new Set("am an as at be by he me my on or we".split(" "));
const SAYS_INSURANCE = /(?<![[\p{L}\p{N}_])(?:NI|nino)(?![\p{L}\p{N}_])|insurance/iu;
const SAYS_HEALTH = /(?<![[\p{L}\p{N}_])n\.?h\.?s/iu;
const BEFORE_PHONE = /(?:\+|\b00)(?: ?[0-9]{1,3})?[ .-]?(?:\( ?0 ?\))?[ .-]?$/;
const BEFORE_DECIMALS = /[0-9][.,]$/;

// The page looks at each key pressed, also after a whole book was pasted, and must not stand still for it. The server
// takes a quarter of this in one message, and looks at all of that in any case.
const MOST = 4000;
// A number taken out may uncover a word or another number that stood against it, twice at most.
const PASSES = 3;

/** The kinds of numbers in a text that should not be sent: "card", "insurance", "health". */
export function sensitive(text) {
  let rest = text.slice(0, MOST).replace(DIGITS, asciiDigit).replace(SPACES, " ").replace(DASHES, "-");
  const kinds = new Set();
  for (let pass = 0, before = null; pass < PASSES && before !== rest; pass += 1) {
    before = rest;
    rest = withoutNumbers(withoutInsurance(rest, kinds), kinds);
  }
  return ["card", "insurance", "health"].filter((kind) => kinds.has(kind));
}

function asciiDigit(digit) {
  const code = digit.codePointAt(0);
  const zero = [...ZEROS].find((sign) => code >= sign.codePointAt(0) && code < sign.codePointAt(0) + 10);
  return String(code - zero.codePointAt(0));
}

function withoutInsurance(plain, kinds) {
  const isNamed = SAYS_INSURANCE.test(plain);
  return plain.replace(INSURANCE, (all, letters, first, last, suffix) => {
    const isProse = WORDS.has(letters.toLowerCase()) && first && last && suffix.toLowerCase() === "a";
    if (isProse && !isNamed) return all;
    kinds.add("insurance");
    return "[NI number]";
  });
}

/** The text without card and NHS numbers; what is found counts as taken out for what stands to its right. */
function withoutNumbers(plain, kinds) {
  const isNamed = SAYS_HEALTH.test(plain);
  let kept = "";
  let since = 0;
  for (const run of runs(plain)) {
    let left = 0; // the last group that has none on its left
    for (let first = 0; first < run.sizes.length; ) {
      const card = cardEnd(run, first, plain, since);
      const end = card || (first === left && healthEnd(run, first, plain, since, isNamed)) || 0;
      if (end) {
        kinds.add(card ? "card" : "health");
        kept += plain.slice(since, run.places[first][0]) + (card ? "[card]" : "[NHS number]");
        since = run.places[end - 1][1];
        left = end;
      }
      first = end || first + 1;
    }
  }
  return kept + plain.slice(since);
}

/** Behind which group the longest card number from this group on ends, or 0. */
function cardEnd(run, first, plain, since) {
  const start = run.offsets[first];
  const prefix = run.digits.slice(start, start + 4);
  const [, lengths] = ISSUERS.find(([issuer]) => issuer.test(prefix)) ?? [null, []];
  for (const length of lengths) {
    const end = run.groups.get(start + length) ?? 0;
    if (end && isCard(run.digits.slice(start, start + length), run.sizes.slice(first, end))) {
      return isFree(plain, run.places[first][0], since) ? end : 0;
    }
  }
  return 0;
}

function isCard(digits, sizes) {
  const isWrittenSo =
    sizes.every((size) => size === 1) ||
    sizes.slice(0, -1).every((size) => size % 4 === 0) ||
    ["4,6,5", "4,6,4"].includes(String(sizes));
  return isWrittenSo && passesLuhn(digits);
}

/** Behind which group the NHS number from this group on ends, or 0; a card that begins within it goes first. */
function healthEnd(run, first, plain, since, isNamed) {
  const start = run.offsets[first];
  const end = run.groups.get(start + 10) ?? 0;
  const digits = run.digits.slice(start, start + 10);
  if (!end || digits[0] === "0") return 0;
  const sizes = run.sizes.slice(first, end);
  const isWrittenSo = isNamed
    ? sizes.every((size) => size >= 3) || sizes.every((size) => size === 1) // otherwise a date and a time
    : String(sizes) === "3,3,4" && "34679".includes(digits[0]);
  if (!isWrittenSo || !passesModulus11(digits) || !isFree(plain, run.places[first][0], since)) return 0;
  for (let later = first + 1; later < end; later += 1) if (cardEnd(run, later, plain, since)) return 0;
  const isLast = end === run.sizes.length || cardEnd(run, end, plain, since) > 0;
  return isNamed || isLast ? end : 0;
}

/** Whether this is neither inside a decimal number nor after a phone's country code. */
function isFree(plain, start, since) {
  const before = plain.slice(Math.max(since, start - 12), start);
  return !BEFORE_PHONE.test(before) && !BEFORE_DECIMALS.test(before);
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

/** All groups of digits, those together that have no more than a gap between each. */
function runs(plain) {
  const found = [];
  for (const { 0: digits, index } of plain.matchAll(/[0-9]+/g)) {
    const before = found.at(-1)?.places.at(-1)[1];
    const isLinked = before !== undefined && index - before <= 3 && GAP.test(plain.slice(before, index));
    if (!isLinked) found.push({ places: [], sizes: [], digits: "", offsets: [], groups: new Map() });
    const run = found.at(-1);
    run.groups.set(run.digits.length, run.sizes.length); // a group by its first digit's place among the run's digits
    run.offsets.push(run.digits.length);
    run.places.push([index, index + digits.length]);
    run.sizes.push(digits.length);
    run.digits += digits;
  }
  for (const run of found) run.groups.set(run.digits.length, run.sizes.length);
  return found;
}
