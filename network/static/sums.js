/* Adds up a sheet while it is being written: every [data-sum] into the [data-total] of its form; a total that
   carries a name adds up the boxes that carry the same one.
   Whole numbers of the smallest unit only (data-digits says how many digits follow the point), so no cent is
   lost; what it cannot read is left to the server and the total shows a dash.
   A box with data-worth holds pieces, such as notes, of so many of the smallest unit each.
   [data-givers], if there is one, shows how many rows (data-row) hold an amount. */
(function () {
  "use strict";
  var LOCALES = [0x0660, 0x06f0, 0x0966]; /* Arabic, Persian and Devanagari digits */

  function plain(text) {
    return text.replace(/[^\x00-\x7f]/g, function (sign) {
      var at = sign.charCodeAt(0), i;
      for (i = 0; i < LOCALES.length; i++) {
        if (at >= LOCALES[i] && at < LOCALES[i] + 10) { return String(at - LOCALES[i]); }
      }
      return sign === "٫" ? "." : "";
    }).replace(/[\s']/g, "");
  }

  function minor(text, digits) {
    var match = plain(text).replace(/,(?=\d{3}(\D|$))/g, "").replace(",", ".").match(/^(\d{1,12})(?:\.(\d*))?$/);
    if (!match || (match[2] || "").length > digits) { return NaN; }
    return Number(match[1] + ((match[2] || "") + "0000").slice(0, digits));
  }

  function add(form, total) {
    var digits = Number(total.getAttribute("data-digits") || 0), sum = 0, rows = {};
    var column = total.getAttribute("data-total");
    form.querySelectorAll("[data-sum]").forEach(function (box) {
      if (!box.value.trim() || (column && box.getAttribute("data-sum") !== column)) { return; }
      var worth = box.getAttribute("data-worth");
      var amount = worth ? minor(box.value, 0) * Number(worth) : minor(box.value, digits);
      sum += amount;
      if (amount > 0) { rows[box.getAttribute("data-row") || box.name] = true; }
    });
    total.textContent = isNaN(sum) ? "–" : (sum / Math.pow(10, digits)).toLocaleString(
      document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    var givers = form.querySelector("[data-givers]");
    if (givers) { givers.textContent = String(Object.keys(rows).length); }
  }

  document.querySelectorAll("form [data-total]").forEach(function (total) {
    var form = total.closest("form");
    form.addEventListener("input", function () { add(form, total); });
    add(form, total);
  });
})();
