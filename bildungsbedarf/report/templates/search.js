(() => {
  const form = document.querySelector("#suche");
  const field = form.querySelector("input");
  const told = form.querySelector("output");
  const plain = text => text.toLocaleLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/ß/g, "ss");
  const entries = [...document.querySelectorAll("[data-entry]")].map(entry => [entry, plain(`${entry.textContent} ${entry.dataset.told ?? ""}`)]);
  const show = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const [entry, text] of entries) {
      entry.hidden = !words.every(word => text.includes(word));
      count += entry.hidden ? 0 : 1;
    }
    for (const letter of document.querySelectorAll("[data-letter]"))
      letter.hidden = !letter.querySelector("[data-entry]:not([hidden])");
    told.textContent = count;
    told.parentElement.hidden = !words.length;
  };
  form.hidden = false;
  form.addEventListener("submit", event => event.preventDefault());
  field.addEventListener("input", show);
  // what was typed on the first page
  field.value = new URLSearchParams(location.search).get("wort") ?? "";
  show();
})();
