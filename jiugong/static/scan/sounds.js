// One high = bound, two = already sampled, falling = unknown, long low = refused or full. The same with and without network.
window.scanSounds = function (form) {
  "use strict";
  const SOUNDS = {
    bound: [[880, 0, 0.09]], again: [[660, 0, 0.08], [660, 0.14, 0.08]], tube: [[520, 0, 0.07], [780, 0.08, 0.1]],
    unknown: [[700, 0, 0.12], [500, 0.14, 0.12], [350, 0.28, 0.16]], refused: [[180, 0, 0.5]],
    full: [[180, 0, 0.3], [180, 0.4, 0.3]],
  };
  let audio = null;
  return function sound(kind) {
    form.dataset.sound = kind;
    document.dispatchEvent(new CustomEvent("scan:sound", { detail: kind }));
    try {
      audio = audio || new (window.AudioContext || window.webkitAudioContext)();
      if (audio.state === "suspended") audio.resume();
      SOUNDS[kind].forEach(([pitch, after, length]) => {
        const tone = audio.createOscillator(), loudness = audio.createGain(), at = audio.currentTime + after;
        tone.frequency.value = pitch;
        tone.type = kind === "refused" || kind === "full" ? "square" : "sine";
        loudness.gain.setValueAtTime(0.25, at);
        loudness.gain.exponentialRampToValueAtTime(0.001, at + length);
        tone.connect(loudness).connect(audio.destination);
        tone.start(at);
        tone.stop(at + length);
      });
    } catch { /* a machine without sound still shows words */ }
    if (navigator.vibrate) navigator.vibrate(kind === "bound" || kind === "tube" ? 40 : [80, 60, 80]);
  };
};
