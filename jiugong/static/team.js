// A team's entry works without this. With it: the button says how many are measured, a value marks its row, and the entry
// goes through the outbox (field/outbox.js), so that it outlives a dead network, a closed page and a server that stopped.
(function () {
  "use strict";
  const form = document.querySelector("form[data-team]"), box = window.outbox, PATIENCE = 4000;
  const tell = (text, level) => {
    const message = document.createElement("div"), region = document.getElementById("messages");
    message.className = "message " + level;
    message.textContent = text;
    region.replaceChildren(message);
    message.scrollIntoView({ block: "nearest" });
  };
  try {
    const said = sessionStorage.getItem("team-said");
    sessionStorage.removeItem("team-said");
    if (said) tell(said, "success");
  } catch { /* it was said once already */ }
  if (!form) return;
  const button = form.querySelector("[data-send]"), words = button.textContent, say = form.dataset;
  let sent = "", correcting = null;

  const show = () => {
    const measured = form.querySelectorAll('input[type="radio"][value="here"]:checked').length;
    button.textContent = words.replace(/\d+/, String(measured));
  };
  const mark = (row) => row.classList.toggle("is-other", Array.from(row.querySelectorAll("details input")).some((each) => each.type === "checkbox" ? each.checked : each.value));
  form.addEventListener("change", (event) => {
    const row = event.target.closest(".member");
    const written = row && event.target.closest("details") && (event.target.value || event.target.checked);
    if (written) row.querySelector('input[type="radio"][value="here"]').checked = true;
    if (row) mark(row);
    show();
  });
  show();

  // ── sending ────────────────────────────────────────────────────────────────────────────────────────────────
  function entry() {
    const told = new FormData(form), members = Array.from(form.querySelectorAll(".member[data-person]")).map((row) => ({
      person: row.dataset.person, absent: told.get("who-" + row.dataset.key) === "absent",
      temperature: String(told.get("temperature-" + row.dataset.key) || "").trim(), symptoms: told.getAll("symptoms-" + row.dataset.key) }));
    return { batch: box.newId().replace(/-/g, ""), measured: told.get("measured") === "yes", members: members, device_at: window.parkClock.device() };
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (sent) return;
    const body = entry();
    button.disabled = true;
    tell(say.sending, "info");
    if (correcting) {
      sent = correcting.id;
      await box.sendAgain(correcting.id, { ...correcting.content.body, ...body, batch: correcting.content.body.batch });
      correcting = null;
      return wait(true);
    }
    sent = body.batch;
    wait(await box.put({ id: sent, lane: "team", kind: "entry", url: say.url, body: body,
                         shown: { who: say.name, count: String(body.members.filter((each) => !each.absent).length) } }));
  });
  const wait = (kept) => setTimeout(() => { if (sent) tell(kept ? say.kept : say.memory, kept ? "warning" : "error"); }, box.isLost() ? 0 : PATIENCE);
  document.addEventListener("outbox:trouble", () => { if (sent) tell(say.kept, "warning"); });
  document.addEventListener("outbox:told", (event) => {
    const { id, kind, answer } = event.detail;
    if (kind !== "entry") return;
    if (answer.status === "refused") {
      if (id === sent) { sent = ""; button.disabled = false; tell(answer.message, "error"); }
      return;
    }
    try {
      sessionStorage.setItem("team-said", say.recorded.replace("RECORDED", answer.recorded).replace("ABSENT", answer.absent).replace("ALREADY", answer.already));
    } catch { /* the page shows it too */ }
    if (id === sent) location.reload();
  });

  // ── an entry that was not taken is filled in again, to be corrected ────────────────────────────────────────
  document.addEventListener("outbox:correct", (event) => {
    const item = event.detail;
    if (item.kind !== "entry" || item.content.url !== say.url) return;
    event.preventDefault();
    correcting = item;
    sent = "";
    button.disabled = false;
    item.content.body.members.forEach((each) => {
      const row = form.querySelector(`.member[data-person="${each.person}"]`);
      if (!row) return;
      row.querySelector(`input[type="radio"][value="${each.absent ? "absent" : "here"}"]`).checked = true;
      row.querySelector('input[inputmode="decimal"]').value = each.temperature;
      row.querySelectorAll('input[type="checkbox"]').forEach((box_) => { box_.checked = each.symptoms.includes(box_.value); });
      if (each.temperature || each.symptoms.length) row.querySelector("details").open = true;
      mark(row);
    });
    show();
    tell((item.content.told || {}).message || "", "error");
  });
})();
