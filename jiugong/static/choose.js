// Long lists of boxes: <fieldset data-choose> gets a search box, says how many are ticked, and shows the ticked ones first.
(function () {
  "use strict";
  document.querySelectorAll("[data-choose]").forEach((group) => {
    const box = group.querySelector('input[type="search"]'), list = group.querySelector(".choose-list");
    const rows = Array.from(list.querySelectorAll("label")), count = group.querySelector("[data-choose-count]");
    if (!rows.length) return;
    const plain = (text) => text.normalize("NFKC").replace(/\s/g, "").toLowerCase();
    const ticked = (row) => row.querySelector("input").checked;
    function say() {
      const number = rows.filter(ticked).length;
      count.textContent = number ? number + " / " + rows.length : "";
    }
    rows.filter(ticked).reverse().forEach((row) => list.prepend(row));
    box.hidden = rows.length < 8;
    box.addEventListener("input", () => {
      const text = plain(box.value);
      rows.forEach((row) => { row.hidden = text !== "" && !plain(row.textContent).includes(text); });
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();                                 // Enter ticks the only one that is left; it never sends the form
      const shown = rows.filter((row) => !row.hidden);
      if (shown.length === 1) shown[0].querySelector("input").click();
    });
    group.addEventListener("change", say);
    say();
  });
})();
