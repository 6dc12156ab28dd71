// A sound and a notification of the desktop for who asks for a person: both off until somebody switches them on,
// and kept in this browser only.

import { isChosen, onChoice } from "./choices.js";

const TONE = { hertz: 660, seconds: 0.18, loudness: 0.15 };

onChoice("notices", async (isOn) => {
  if (!isOn || !("Notification" in window)) return "Notification" in window;
  return (await Notification.requestPermission()) === "granted";
});
onChoice("sound", (isOn) => {
  if (isOn) sound(); // so that it is heard once, and the browser lets it through later
  return true;
});

function sound() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = TONE.hertz;
  volume.gain.setValueAtTime(TONE.loudness, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + TONE.seconds);
  tone.connect(volume).connect(audio.destination);
  tone.onended = () => audio.close();
  tone.start();
  tone.stop(audio.currentTime + TONE.seconds);
}

/** Tell of something new in the ways that were chosen; by the desktop only while nobody looks at this page. */
export function notify(sentence) {
  if (isChosen("sound")) sound();
  if (isChosen("notices") && document.hidden && Notification.permission === "granted") {
    new Notification("Council Assistant: desk", { body: sentence, tag: "desk", icon: "/static/icon.svg" });
  }
}
