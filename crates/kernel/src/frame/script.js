// What pages cannot do alone; each works without it. Nothing is fetched from elsewhere.
"use strict";
(() => {
  const all = (selector, run) => document.querySelectorAll(selector).forEach(run);

  // A form is sent once, however often its button is pressed.
  all("form", (form) => form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  }));
  addEventListener("pageshow", () => all("form", (form) => delete form.dataset.sent));

  // What only a script can do is shown to whoever has one.
  all("[data-script]", (element) => { element.hidden = false; });

  // Copies a text.
  all("[data-copy]", (button) => button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent.trim();
    try { await navigator.clipboard.writeText(text); } catch { getSelection().selectAllChildren(document.getElementById(button.dataset.copy)); return; }
    button.textContent = button.dataset.done || button.textContent;
  }));
  all("[data-print]", (button) => button.addEventListener("click", () => print()));

  // A receipt that came behind # is put where one is asked for, and leaves the address.
  const behind = location.hash.slice(1).replace(/-/g, "");
  if (/^[0-9A-Za-z]{40}$/.test(behind)) {
    history.replaceState(null, "", location.pathname + location.search);
    all("[data-fragment]", (field) => {
      field.value = behind.match(/.{5}/g).join("-");
      document.getElementById(field.dataset.fragment).hidden = false;
    });
  }

  // What is written is kept on this device until it was sent, also when the connection drops or the page is closed; on a device that
  // others use, no longer than the visit.
  all("form[data-keep]", (form) => {
    const key = "kept " + form.dataset.keep;
    const store = () => form.dataset.keepFor === "visit" ? sessionStorage : localStorage;
    const fields = () => [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "password");
    const kept = (() => { try { return JSON.parse(store().getItem(key)); } catch { return null; } })();
    if (kept && !form.dataset.shown) {
      for (const field of fields()) {
        const value = kept[field.name + " " + (field.type === "radio" || field.type === "checkbox" ? field.value : "")];
        if (value === undefined) continue;
        if (field.type === "checkbox" || field.type === "radio") field.checked = value; else if (!field.value || field.type === "select-one" || "keepOver" in form.dataset) field.value = value;
      }
    }
    form.addEventListener("input", () => {
      const now = {};
      for (const field of fields()) {
        const box = field.type === "radio" || field.type === "checkbox";
        now[field.name + " " + (box ? field.value : "")] = box ? field.checked : field.value;
      }
      try { store().setItem(key, JSON.stringify(now)); } catch { /* a full or forbidden store keeps nothing */ }
    });
  });

  // Without a connection a form is not sent, and says so: what is written stays in it.
  all("form [data-offline]", (told) => {
    const tell = () => { told.hidden = navigator.onLine; };
    addEventListener("online", tell); addEventListener("offline", tell); tell();
    told.closest("form").addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault(); delete event.target.dataset.sent; tell(); told.focus();
    });
  });
  // What was sent is kept no longer, nor whatever begins as it does.
  all("[data-forget]", (element) => {
    const begins = "kept " + element.dataset.forget;
    try { [localStorage, sessionStorage].forEach((store) => Object.keys(store).filter((key) => key.startsWith(begins)).forEach((key) => store.removeItem(key))); } catch { /* nothing was kept */ }
  });

  // How many seconds are left of those that there were when the page came, whatever the device's clock says; to eyes only.
  const clocks = [...document.querySelectorAll("[data-left]")];
  if (clocks.length) {
    const tick = () => clocks.forEach((clock) => {
      const left = Math.max(0, Math.round(clock.dataset.left - performance.now() / 1000));
      const parts = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60].map((part) => String(part).padStart(2, "0"));
      clock.textContent = (parts[0] === "00" ? parts.slice(1) : parts).join(":");
    });
    tick(); setInterval(tick, 1000);
  }

  // Names that fit what is being typed.
  all("input[data-suggest]", (input) => {
    const list = document.getElementById(input.getAttribute("list"));
    let last = "", wait;
    input.addEventListener("input", () => {
      clearTimeout(wait);
      const typed = input.value.trim();
      if (typed.length < 2 || typed === last) return;
      wait = setTimeout(async () => {
        last = typed;
        try {
          const answer = await fetch(input.dataset.suggest + encodeURIComponent(typed), { headers: { accept: "application/json" } });
          if (!answer.ok) return;
          list.replaceChildren(...(await answer.json()).map((name) => { const option = document.createElement("option"); option.value = name; return option; }));
        } catch { /* without a connection there are no suggestions */ }
      }, 200);
    });
  });
})();
