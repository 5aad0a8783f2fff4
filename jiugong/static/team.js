// A team's entry works without this. With it: the button says how many are measured, and a value marks its row.
(function () {
  "use strict";
  const form = document.querySelector("form[data-team]");
  if (!form) return;
  const button = form.querySelector("[data-send]"), words = button.textContent;
  const show = () => {
    const measured = form.querySelectorAll('input[type="radio"][value="here"]:checked').length;
    button.textContent = words.replace(/\d+/, String(measured));
  };
  form.addEventListener("change", (event) => {
    const row = event.target.closest(".member");
    const written = row && event.target.closest("details") && (event.target.value || event.target.checked);
    if (written) row.querySelector('input[type="radio"][value="here"]').checked = true;
    if (row) row.classList.toggle("is-other", Array.from(row.querySelectorAll("details input")).some((each) => each.type === "checkbox" ? each.checked : each.value));
    show();
  });
  show();
})();
