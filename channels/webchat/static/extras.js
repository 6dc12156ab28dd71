// What a question may take besides words: a photo or a document, and the place where the device is.

const MOST = 10_000_000; // bytes; the server looks for itself
const PATIENCE = 20_000; // ms that the device may take to find out where it is

/** The file that was chosen, as a message; null, with an error at the field, when none can be sent. */
export function pickFile(form, words, announcer) {
  const input = form.querySelector("input[type=file]");
  const [file] = input.files;
  const problem = file ? (file.size > MOST ? words.upload_too_large : "") : words.no_file;
  const error = form.querySelector(".error");
  error.lastElementChild.textContent = problem;
  error.hidden = !problem;
  input.toggleAttribute("aria-invalid", Boolean(problem));
  if (!problem) return { message: { file }, shown: words[`sent_${form.dataset.kind}`] };
  announcer.say(problem);
  input.focus();
  return null;
}

/** Where the device is; null, which is said, when it does not tell. It is asked only when the button is pressed. */
export function readPlace(button, words, announcer) {
  const hint = button.nextElementSibling;
  const tell = (sentence) => {
    hint.textContent = sentence;
    announcer.say(sentence);
  };
  tell(words.locating);
  return new Promise((done) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => done({ latitude, longitude }),
      () => {
        tell(words.no_location);
        done(null);
      },
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 60_000 },
    );
  });
}
