// The file that goes with a message: chosen and described in the form, and looked at before it is sent. The server
// looks for itself; its sentences stand in the form.

import { problem } from "./posting.js";

const field = (id) => document.getElementById(id);

/** What is in the form now: a file or null, and what it is said to show. */
export function attached() {
  return { file: field("file")?.files[0] ?? null, description: field("description")?.value.trim() ?? "" };
}

/** What is wrong with it in words, "" for nothing. */
export function wrongWith({ file, description }) {
  if (!file && !description) return "";
  const { largest, tooLarge, undescribed, none } = field("attach").dataset;
  if (!file) return none;
  if (file.size > Number(largest)) return tooLarge;
  return file.type.startsWith("image/") && !description ? undescribed : "";
}

/** Show beside the file what is wrong with it. */
export function fileProblem(sentence) {
  if (!field("attach")) return;
  if (sentence) field("attach").open = true;
  problem(field("file-error"), sentence);
  field("file").toggleAttribute("aria-invalid", Boolean(sentence));
}

/** What is in the form is in sight, also where the form was shown anew or the page loaded again. */
export function showAttached() {
  const { file, description } = attached();
  if (file || description) field("attach").open = true;
}

/** Put a file and its description into the form, or nothing. */
export function attach({ file = null, description = "" } = {}) {
  if (!field("attach")) return;
  const chosen = new DataTransfer();
  if (file) chosen.items.add(file);
  field("file").files = chosen.files;
  field("description").value = description;
  field("attach").open = Boolean(file || description);
}
