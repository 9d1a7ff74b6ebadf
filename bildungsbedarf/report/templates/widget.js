(() => {
  const data = JSON.parse(document.querySelector("#daten").textContent);
  const form = document.querySelector("form.choices");
  const whole = new Intl.NumberFormat(data.language, { maximumFractionDigits: 0 });
  const per = new Intl.NumberFormat(data.language, { style: "percent", maximumFractionDigits: 0 });
  const interval = (low, high) =>
    data.words.to.replace("{low}", whole.format(100 * low)).replace("{high}", whole.format(100 * high));
  const told = need => {
    if (!need || need[3] === null) return data.words.few;
    const ends = need[4] === null ? "" : ` (${interval(need[4], need[5])}${need[1] ? ", " + data.words.modelled : ""})`;
    return per.format(need[3]) + ends;
  };
  const show = changed => {
    const place = form.elements.place;
    const phase = form.elements.phase;
    // there are no numbers of a phase of life within a municipality
    if (phase && changed === place && place.value) phase.value = "";
    if (phase && changed === phase && phase.value) place.value = "";
    for (const row of document.querySelectorAll("[data-field]")) {
      const field = row.dataset.field;
      const need = data.needs.find(
        one => one[0] === field && one[1] === place.value && one[2] === (phase ? phase.value : ""));
      row.querySelector("[data-share]").textContent = told(need);
      row.querySelector("[data-offers]").textContent = data.offers
        .filter(one => one[0] === field && (!place.value || one[1] === place.value))
        .reduce((sum, one) => sum + one[2], 0);
    }
    for (const cell of document.querySelectorAll("[data-offers]")) cell.hidden = !data.counted;
  };
  form.hidden = false;
  form.addEventListener("change", event => show(event.target));
  form.addEventListener("submit", event => event.preventDefault());
  show(null);
})();
