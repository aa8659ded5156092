/* "Leave now": the page disappears at once and its place in the history is taken by the page we leave to.
   Without this script the link simply goes to the same address. */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[data-leave]") : null;
    if (!link || event.defaultPrevented) { return; }
    event.preventDefault();
    document.documentElement.hidden = true;
    document.title = "…";
    try { window.sessionStorage.clear(); } catch (refused) { /* storage may be switched off */ }
    window.location.replace(link.href);
  });
})();
