// Which of the widget's languages a page is told in.

/** The words of the first wish that can be met: "cy-GB" is met by cy-GB or by cy. English when none is. */
export function choose(words, wishes) {
  const tags = Object.keys(words);
  for (const wish of wishes) {
    const asked = (wish || "").toLowerCase();
    const known = (name) => tags.find((tag) => tag.toLowerCase() === name);
    const tag = known(asked) || known(asked.split("-")[0]);
    if (tag) return { tag, ...words[tag] };
  }
  return { tag: "en", ...words.en };
}
