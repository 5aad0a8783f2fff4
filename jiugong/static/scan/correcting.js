// A scan that the server did not take: tube and number can be corrected, and it goes again, to the round and the point chosen now.
window.scanCorrecting = function (chosen) {
  "use strict";
  const $ = (id) => document.getElementById(id), box = window.outbox, codes = window.scanCodes, changing = $("correcting");
  let item = null;

  document.addEventListener("outbox:correct", (event) => {
    if (event.detail.kind !== "scan") return;
    event.preventDefault();
    item = event.detail;
    $("correct-tube").value = item.content.body.tube;
    $("correct-number").value = item.content.body.code || item.content.body.resident_id || "";
    changing.showModal();
  });
  changing.addEventListener("submit", (event) => {
    event.preventDefault();
    changing.close();
    const { code: _code, resident_id: _number, ...rest } = item.content.body, told = item.content.told || {};
    const tube = codes.tidy($("correct-tube").value), number = $("correct-number").value, read = codes.understand(number, tube);
    const whose = read.kind === "badge" ? { code: read.text } : { resident_id: codes.tidy(number).toUpperCase() };
    const fresh = told.code === "screening.scan_id_reused" ? { scan_id: box.newId() } : {};
    box.sendAgain(item.id, { ...rest, ...whose, ...chosen(), tube: tube, ...fresh });
  });
  $("correct-keep").addEventListener("click", () => changing.close());
};
