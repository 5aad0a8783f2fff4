// What a code is: a person's badge, a person's ID number, a tube's label, or none of ours. No page, no network: only text.
window.scanCodes = (function () {
  "use strict";
  const SIGN = "[0-9A-HJKMNP-TV-Z]{12}";
  const BADGE = new RegExp("^(?:.*/ME/|JG\\.)" + SIGN + "\\." + SIGN + "/?(?:[?#].*)?$");
  const LONGEST_TUBE = 40;

  // A scanner that types through a Chinese keyboard writes full-width signs, and 。 for a full stop.
  const tidy = (text) => text.normalize("NFKC").replace(/。/g, ".").replace(/\s/g, "");

  function idNumberCannotBe(number) {
    if (!/^\d{17}[\dX]$/.test(number)) return false;
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const sum = weights.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
    return "10X98765432"[sum % 11] !== number[17];
  }

  // Labels of one box look alike: the same letters first, and as long.
  const looks = (text) => text.replace(/\d+/g, "#") + text.length;

  // {kind: "badge" | "id" | "tube" | "unclear" | "none", text}. `tube` is the one in use, if any.
  function understand(read, tube) {
    const text = tidy(read);
    if (!text) return { kind: "none", text: text };
    if (BADGE.test(text.toUpperCase())) return { kind: "badge", text: text };
    if (/^\d{17}[\dX]$/i.test(text)) return { kind: "id", text: text.toUpperCase(), doubtful: idNumberCannotBe(text.toUpperCase()) };
    if (text.includes("://") || text.length > LONGEST_TUBE || /^JG\./i.test(text)) return { kind: "none", text: text };
    if (!tube || text === tube || looks(text) === looks(tube)) return { kind: "tube", text: text };
    return { kind: "unclear", text: text };
  }

  return { understand: understand, tidy: tidy };
})();
