/* Support sheets, closed and opened on the person's own phone: neither the words, nor the sheet, nor its key are ever sent.
   The same bytes as network/support_sheets/locks.py, which does this in the server's memory where a phone has no scripts. */
(function () {
  "use strict";
  var MEMORY = 19 * 1024, PASSES = 3, NONCE = 12, PAGE = 1024, PLAIN = ["name", "helps", "hurts", "wishes", "text"];
  var UNREADABLE = "unreadable"; /* the words fit, and what they should open does not */
  var subtle = window.crypto && window.crypto.subtle;
  var held = null; /* the sheet's key, from when it is opened until this page is left */

  function fromBase64(text) { return Uint8Array.from(atob(text), function (sign) { return sign.charCodeAt(0); }); }
  function toBase64(bytes) {
    return btoa(Array.from(bytes, function (one) { return String.fromCharCode(one); }).join(""));
  }
  function join(one, other) {
    var whole = new Uint8Array(one.length + other.length);
    whole.set(one);
    whole.set(other, one.length);
    return whole;
  }
  function utf8(text) { return new TextEncoder().encode(text); }
  function random(count) { return crypto.getRandomValues(new Uint8Array(count)); }

  /* Words: small letters without accents, one space between, however they were typed. */
  function plainWords(typed) {
    var bare = typed.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
    return (bare.match(/[a-z]+/g) || []).join(" ");
  }
  async function draw(address) {
    var list = (await (await fetch(address)).text()).split("\n").filter(Boolean);
    if (list.length !== 2048) { throw new Error("the list of words is not whole"); }
    return Array.from(crypto.getRandomValues(new Uint16Array(4)), function (one) { return list[one % 2048]; }).join(" ");
  }

  /* Closing and opening */
  function aes(key) { return subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]); }
  async function shut(key, content, purpose) {
    var nonce = random(NONCE), how = { name: "AES-GCM", iv: nonce, additionalData: utf8(purpose) };
    return toBase64(join(nonce, new Uint8Array(await subtle.encrypt(how, await aes(key), content))));
  }
  async function unshut(key, closed, purpose) {
    var bytes = fromBase64(closed), how = { name: "AES-GCM", iv: bytes.slice(0, NONCE), additionalData: utf8(purpose) };
    return new Uint8Array(await subtle.decrypt(how, await aes(key), bytes.slice(NONCE)));
  }
  function fromWords(words, salt, memory, passes) {
    return window.argon2id(utf8(plainWords(words)), salt, { memory: memory, passes: passes, length: 32 });
  }
  async function lock(key, words) {
    var salt = random(16), closed = await shut(await fromWords(words, salt, MEMORY, PASSES), key, "pamoja sheet key 1");
    return ["1", MEMORY, PASSES, toBase64(salt), closed].join(".");
  }
  async function unlock(text, words) { /* null where these are not its words */
    var parts = text.split(".");
    try {
      var key = await fromWords(words, fromBase64(parts[3]), Number(parts[1]), Number(parts[2]));
      return await unshut(key, parts[4], "pamoja sheet key 1");
    } catch (failure) { return null; }
  }
  function close(key, written) {
    var said = utf8(JSON.stringify(written)), padded = new Uint8Array(Math.ceil(said.length / PAGE) * PAGE).fill(32);
    padded.set(said);
    return shut(key, padded, "pamoja sheet 1");
  }
  async function unclose(key, content) { /* null where the key does not open it, or what comes out is no sheet */
    try {
      var found = JSON.parse(new TextDecoder().decode(await unshut(key, content, "pamoja sheet 1")));
      var written = { people: found.people.slice(0, 3).map(function (one) { return [text(one[0]), text(one[1])]; }) };
      PLAIN.forEach(function (name) { written[name] = text(found[name]); });
      return written;
    } catch (failure) { return null; }
  }
  function text(found) {
    if (typeof found !== "string") { throw new TypeError("no sheet"); }
    return found;
  }

  /* Between the page and a sheet */
  function each(selector, begin, within) { (within || document).querySelectorAll(selector).forEach(begin); }
  function show(selector, within) { each(selector, function (one) { one.hidden = false; }, within); }
  function hide(selector, within) { each(selector, function (one) { one.hidden = true; }, within); }
  function answers(form) {
    var written = { people: [] };
    function said(name) { return form.elements[name].value.trim(); }
    PLAIN.forEach(function (name) { written[name] = said(name); });
    [1, 2, 3].forEach(function (n) {
      if (said("person_" + n) || said("reach_" + n)) { written.people.push([said("person_" + n), said("reach_" + n)]); }
    });
    return written;
  }
  function fill(form, written) {
    PLAIN.forEach(function (name) { form.elements[name].value = written[name]; });
    written.people.forEach(function (person, i) {
      form.elements["person_" + (i + 1)].value = person[0];
      form.elements["reach_" + (i + 1)].value = person[1];
    });
  }
  function ways(reach, text) {
    var plain = reach.trim(), said = encodeURIComponent(text), digits = plain.replace(/[^0-9]/g, "");
    if (/^[^@\s?&]+@[^@\s?&]+$/.test(plain)) { return { mail: "mailto:" + plain + "?body=" + said }; }
    if (digits.length < 6 || !/^[+0-9 ()./-]+$/.test(plain)) { return {}; }
    var number = (plain[0] === "+" ? "+" : "") + digits, found = { call: "tel:" + number, sms: "sms:" + number + "?body=" + said };
    if (plain[0] === "+") { found.whatsapp = "https://wa.me/" + digits + "?text=" + said; }
    return found;
  }
  function put(written) { /* what was opened onto the card */
    each("[data-part]", function (part) {
      var said = written[part.getAttribute("data-part")];
      part.querySelector("p").textContent = said;
      part.hidden = !said;
    });
    document.querySelector("[data-people]").hidden = !written.people.length;
    each("[data-person]", function (line, i) {
      var person = written.people[i], links = person ? ways(person[1], written.text) : {};
      line.hidden = !person;
      line.querySelector("[data-called]").textContent = person ? person[0] : "";
      line.querySelector("[data-reach]").textContent = person ? person[1] : "";
      each("[data-way]", function (link) {
        var href = links[link.getAttribute("data-way")];
        link.hidden = !href;
        if (href) { link.href = href; } else { link.removeAttribute("href"); }
      }, line);
    });
  }
  function wipe() { /* leaving the page: nothing readable stays behind for the way back */
    held = null;
    each("form", function (form) { form.reset(); });
    if (document.querySelector("[data-opened]") && document.querySelector("form[data-open]")) {
      hide("[data-opened]");
      put({ name: "", helps: "", hurts: "", wishes: "", text: "", people: [] });
    }
    each("[data-drawn]", function (one) { one.textContent = "…"; });
  }

  /* Each form closes what it holds before anything is sent; fields that can be read are left out of the sending. */
  function closing(form, begin) {
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      var button = form.querySelector("button[type=submit]"), ready = null, fault;
      hide("[data-fault], [data-unreadable]", form);
      show("[data-wait]", form);
      button.disabled = true;
      try { ready = await begin(); } finally {
        hide("[data-wait]", form);
        button.disabled = false;
      }
      if (ready === null || ready === UNREADABLE) {
        fault = form.querySelector(ready === null ? "[data-fault]" : "[data-unreadable]");
        fault.hidden = false;
        fault.scrollIntoView({ block: "center" });
      } else if (ready) {
        Object.keys(ready).forEach(function (name) { form.elements[name].value = ready[name]; });
        each("input:not([type=hidden]), textarea", function (field) { field.disabled = true; }, form);
        form.submit();
      }
    });
  }
  function drawing(form) {
    var place = form.querySelector("[data-drawn]");
    draw(form.getAttribute("data-list")).then(function (words) { place.textContent = words; });
    return function () { return place.textContent; };
  }
  function opening(form) {
    form.hidden = false;
    closing(form, async function () {
      var key = await unlock(form.getAttribute("data-lock"), form.elements.words.value), written;
      if (!key) { return null; }
      written = await unclose(key, form.getAttribute("data-content"));
      if (!written) { return UNREADABLE; }
      held = key;
      put(written);
      each("form[data-change]", function (change) { fill(change, written); });
      form.elements.words.value = "";
      form.hidden = true;
      show("[data-opened]");
      show("[data-print]");
      document.querySelector("[data-card] h2").scrollIntoView({ block: "center" });
      return undefined;
    });
  }
  function changing(form) {
    closing(form, async function () { return { sealed: await close(held, answers(form)) }; });
  }
  function sharing(form) {
    var words = drawing(form);
    closing(form, async function () {
      return held && words() !== "…" ? { lock: await lock(held, words()) } : null;
    });
  }
  function writing(form) {
    var words = drawing(form);
    form.hidden = false;
    closing(form, async function () {
      if (words() === "…" || plainWords(form.elements.words.value) !== plainWords(words())) { return null; }
      var key = random(32);
      return { lock: await lock(key, words()), sealed: await close(key, answers(form)) };
    });
  }
  function renewing(form) {
    var words = drawing(form);
    form.hidden = false;
    closing(form, async function () {
      if (words() === "…" || plainWords(form.elements.words.value) !== plainWords(words())) { return null; }
      var old = await unlock(form.getAttribute("data-lock"), form.elements.old.value), key = random(32);
      if (!old) { return null; }
      var written = await unclose(old, form.getAttribute("data-content"));
      if (!written) { return UNREADABLE; }
      return { lock: await lock(key, words()), sealed: await close(key, written) };
    });
  }

  if (subtle && window.TextEncoder && window.argon2id) {
    hide("[data-no-scripts]");
    each("form[data-open]", opening);
    each("form[data-change]", changing);
    each("form[data-share]", sharing);
    each("form[data-write]", writing);
    each("form[data-renew]", renewing);
    window.addEventListener("pagehide", wipe);
    window.addEventListener("pageshow", function (event) { if (event.persisted) { window.location.reload(); } });
  }
  each("[data-print]", function (button) {
    if (!document.querySelector("form[data-open]")) { button.hidden = false; }
    button.addEventListener("click", function () { window.print(); });
  });
})();
