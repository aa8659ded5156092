/* Votes in envelopes, on the voter's and the keepers' own phones. The server never has what this file makes secret:
   a voter's choices leave as one sealed envelope; the keepers' seed and shares never leave at all.
   The same bytes as groups/ballots/formats/, which seals where there are no scripts. */
(function () {
  "use strict";
  var LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", POINT = 65, NONCE = 12;
  var subtle = window.crypto && window.crypto.subtle;
  var curve = { name: "ECDH", namedCurve: "P-256" };

  /* Bytes as text */
  function fromBase64(text) {
    return Uint8Array.from(atob(text), function (sign) { return sign.charCodeAt(0); });
  }
  function toBase64(bytes) { return btoa(String.fromCharCode.apply(null, bytes)); }
  function join() {
    var whole = [];
    Array.prototype.forEach.call(arguments, function (part) { whole = whole.concat(Array.from(part)); });
    return new Uint8Array(whole);
  }
  function random(count) { return crypto.getRandomValues(new Uint8Array(count)); }
  function ascii(text) { return new TextEncoder().encode(text); }
  function idBytes(id) {
    return new Uint8Array(id.replace(/-/g, "").match(/../g).map(function (pair) { return parseInt(pair, 16); }));
  }
  function toLetters(bytes) { /* a multiple of five bytes */
    var bits = Array.from(bytes, function (one) { return one.toString(2).padStart(8, "0"); }).join("");
    return bits.match(/.{5}/g).map(function (five) { return LETTERS[parseInt(five, 2)]; }).join("").match(/.{4}/g).join("-");
  }
  function fromLetters(text, count) {
    var plain = text.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1").replace(/[^0-9A-Z]/g, "");
    var bits = Array.from(plain, function (sign) {
      return LETTERS.indexOf(sign) < 0 ? "?" : LETTERS.indexOf(sign).toString(2).padStart(5, "0");
    }).join("");
    if (bits.length !== count * 8 || bits.indexOf("?") >= 0) { return null; }
    return new Uint8Array(bits.match(/.{8}/g).map(function (eight) { return parseInt(eight, 2); }));
  }

  /* The keepers' shares: any two of three points on a line over GF(256) give back the seed, one says nothing. */
  function times(a, b) {
    var product = 0;
    for (; b; b >>= 1) {
      if (b & 1) { product ^= a; }
      a = (a << 1) ^ (a & 128 ? 0x11b : 0);
    }
    return product;
  }
  function inverse(a) {
    for (var b = 1; b < 256; b++) { if (times(a, b) === 1) { return b; } }
    return 0;
  }
  async function withCheck(share) {
    return join(share, new Uint8Array(await subtle.digest("SHA-256", share)).slice(0, 3));
  }
  function split(seed) {
    var slope = random(seed.length);
    return Promise.all([1, 2, 3].map(function (at) {
      return withCheck(join([at], seed.map(function (one, i) { return one ^ times(slope[i], at); })));
    }));
  }
  async function readShare(text) {
    var bytes = fromLetters(text, 20);
    if (!bytes) { return null; }
    var again = await withCheck(bytes.slice(0, 17));
    return bytes[0] >= 1 && bytes[0] <= 3 && again.every(function (one, i) { return one === bytes[i]; }) ? bytes.slice(0, 17) : null;
  }
  function combine(one, other) {
    var over = inverse(one[0] ^ other[0]);
    return one.slice(1).map(function (y, i) {
      return times(times(y, other[0]) ^ times(other[i + 1], one[0]), over);
    });
  }

  /* Keys */
  async function keyFrom(secret, words, election) {
    var base = await subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
    var how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: join(ascii(words), idBytes(election)) };
    return subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }
  async function lock(key, content, election) {
    var nonce = random(NONCE);
    var how = { name: "AES-GCM", iv: nonce, additionalData: idBytes(election) };
    return join(nonce, new Uint8Array(await subtle.encrypt(how, key, content)));
  }
  async function unlock(key, locked, election) {
    var how = { name: "AES-GCM", iv: locked.slice(0, NONCE), additionalData: idBytes(election) };
    return new Uint8Array(await subtle.decrypt(how, key, locked.slice(NONCE)));
  }
  async function seal(paper, publicKey, election) {
    var own = await subtle.generateKey(curve, true, ["deriveBits"]);
    var theirs = await subtle.importKey("raw", publicKey, curve, false, []);
    var secret = await subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
    var point = new Uint8Array(await subtle.exportKey("raw", own.publicKey));
    return join([1], point, await lock(await keyFrom(secret, "pamoja ballot ", election), paper, election));
  }
  async function unseal(sealed, privateKey, election) {
    var theirs = await subtle.importKey("raw", sealed.slice(1, 1 + POINT), curve, false, []);
    var secret = await subtle.deriveBits({ name: "ECDH", public: theirs }, privateKey, 256);
    return unlock(await keyFrom(secret, "pamoja ballot ", election), sealed.slice(1 + POINT), election);
  }

  /* A voter's form: choices become one envelope, and are not sent themselves. */
  function chosen(contest) {
    if (!contest.hasAttribute("data-ranked")) {
      return Array.from(contest.querySelectorAll("input:checked"), function (box) { return Number(box.value); })
        .filter(Boolean).sort(function (a, b) { return a - b; });
    }
    var ranks = Array.from(contest.querySelectorAll("select"), function (select) {
      return { rank: Number(select.value), candidate: Number(select.getAttribute("data-candidate")) };
    }).filter(function (one) { return one.rank; }).sort(function (a, b) { return a.rank - b.rank; });
    var isWhole = ranks.every(function (one, i) { return one.rank === i + 1; });
    return isWhole ? ranks.map(function (one) { return one.candidate; }) : null;
  }
  function read(form) {
    var paper = {}, isFine = true;
    form.querySelectorAll("[data-contest]").forEach(function (contest) {
      var numbers = chosen(contest), fault = contest.querySelector("[data-fault]");
      fault.hidden = !!numbers && numbers.length <= Number(contest.getAttribute("data-most"));
      isFine = isFine && fault.hidden;
      paper[contest.getAttribute("data-contest")] = numbers;
    });
    if (!isFine) { form.querySelector("[data-fault]:not([hidden])").scrollIntoView({ block: "center" }); }
    return isFine ? paper : null;
  }
  function written(paper) {
    return JSON.stringify(paper); /* whole numbers as names come in rising order */
  }
  function sealing(form) {
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      var paper = read(form), election = form.getAttribute("data-election");
      if (!paper) { return; }
      var padded = ascii(written(paper).padEnd(Number(form.getAttribute("data-length")), " "));
      var sealed = await seal(padded, fromBase64(form.getAttribute("data-key")), election);
      form.elements.sealed.value = toBase64(sealed);
      form.querySelectorAll("[data-contest] input, [data-contest] select").forEach(function (one) { one.disabled = true; });
      form.submit();
    });
    window.addEventListener("pageshow", function () {
      form.querySelectorAll("[data-contest] input, [data-contest] select").forEach(function (one) { one.disabled = false; });
      form.reset();
    });
  }

  /* The keepers make a key together: three shares, shown one after the other. */
  function making(form) {
    var start = form.querySelector("[data-start]"), steps = form.querySelectorAll("[data-share]");
    form.querySelector("[data-no-scripts]").hidden = true;
    start.hidden = false;
    function show(at) {
      steps.forEach(function (step, i) { step.hidden = i !== at; });
      form.querySelector("[data-finish]").hidden = at < steps.length;
    }
    start.querySelector("button").addEventListener("click", async function () {
      var election = form.getAttribute("data-election"), seed = random(16);
      var pair = await subtle.generateKey(curve, true, ["deriveBits"]);
      var key = await keyFrom(seed, "pamoja keepers ", election);
      var shares = await split(seed);
      form.elements.public_key.value = toBase64(new Uint8Array(await subtle.exportKey("raw", pair.publicKey)));
      form.elements.wrapped_key.value = toBase64(
        await lock(key, new Uint8Array(await subtle.exportKey("pkcs8", pair.privateKey)), election));
      seed.fill(0);
      steps.forEach(function (step, i) {
        step.querySelector("output").textContent = toLetters(shares[i]);
        step.querySelector("button").addEventListener("click", function () {
          step.querySelector("output").textContent = "";
          show(i + 1);
        });
      });
      start.hidden = true;
      show(0);
    });
  }

  /* Two keepers open the box: their shares give back the key here, and only what stood in the envelopes is sent. */
  function opening(form) {
    form.querySelector("[data-no-scripts]").hidden = true;
    form.querySelector("[data-start]").hidden = false;
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      var fault = form.querySelector("[data-fault]"), election = form.getAttribute("data-election");
      var boxes = form.querySelectorAll("[data-keeper-share]");
      var one = await readShare(boxes[0].value), other = await readShare(boxes[1].value), privateKey;
      fault.hidden = true;
      try {
        if (!one || !other || one[0] === other[0]) { throw new Error("shares"); }
        var key = await keyFrom(combine(one, other), "pamoja keepers ", election);
        var pkcs8 = await unlock(key, fromBase64(form.getAttribute("data-wrapped")), election);
        privateKey = await subtle.importKey("pkcs8", pkcs8, curve, false, ["deriveBits"]);
      } catch (failure) {
        fault.hidden = false;
        fault.scrollIntoView({ block: "center" });
        return;
      }
      var papers = [], envelopes = form.querySelectorAll("[data-envelope]");
      for (var i = 0; i < envelopes.length; i++) {
        try {
          papers.push(new TextDecoder().decode(await unseal(fromBase64(envelopes[i].textContent), privateKey, election)).trim());
        } catch (failure) { /* cannot be opened: spoilt, and counted as such by the server */ }
      }
      form.elements.papers.value = JSON.stringify(papers.sort());
      boxes.forEach(function (box) { box.value = ""; });
      form.submit();
    });
  }

  function each(selector, begin) { document.querySelectorAll(selector).forEach(begin); }
  if (subtle && window.TextEncoder) {
    each("form[data-seal]", sealing);
    each("form[data-make-key]", making);
    each("form[data-open-box]", opening);
  }
})();
