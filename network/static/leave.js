/* "Leave now": the page disappears at once and its place in the history is taken by the page we leave to.
   That page leaves a mark in this window; whoever then goes back in it is led to that page again, whatever stood there.
   Every other window of this browser that shows a page of ours leaves with it: none is found later among the open ones.
   Without this script the link simply goes to the same address. Loaded before the page is drawn: the way back must not flash. */
(function () {
  "use strict";
  var here = document.documentElement, away = "/leave", mark = "left";
  var windows = null;
  function listen() { /* a page that is put aside closes its ear: only then may the way back show it without asking anew */
    if (window.BroadcastChannel) { windows = new window.BroadcastChannel(mark); windows.onmessage = go; }
  }
  function kept() {
    try { return window.sessionStorage.getItem(mark); } catch (refused) { return null; /* storage may be switched off */ }
  }
  function go() {
    here.hidden = true;
    document.title = "…";
    window.location.replace(away);
  }
  function keep() {
    try { window.sessionStorage.setItem(mark, "1"); } catch (refused) { /* then the way back is closed by signing out alone */ }
  }
  if (window.location.pathname === away) {
    keep();
    window.addEventListener("pagehide", keep); /* another window that leaves clears what this one keeps */
    return;
  }
  var came = window.performance && window.performance.getEntriesByType ? window.performance.getEntriesByType("navigation")[0] : null;
  if (kept() && came && came.type === "back_forward") { go(); return; }
  try { window.sessionStorage.removeItem(mark); } catch (refused) { /* as above */ }
  listen();
  window.addEventListener("pagehide", function () { if (windows) { windows.close(); windows = null; } });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { if (kept()) { go(); } else { listen(); } }
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[data-leave]") : null;
    if (!link || event.defaultPrevented) { return; }
    event.preventDefault();
    try { window.sessionStorage.clear(); } catch (refused) { /* as above */ }
    if (windows) { windows.postMessage(mark); }
    go();
  });
})();
