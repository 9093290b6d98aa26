(function () {
  "use strict";
  var table = document.getElementById("jobs");
  var body = table.tBodies[0];
  var headers = Array.prototype.slice.call(table.tHead.rows[0].cells);
  var find = document.getElementById("find");
  var swept = document.getElementById("swept");
  var shown = document.getElementById("shown");
  var collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  var entries = Array.prototype.map.call(body.rows, function (row, index) {
    return { row: row, index: index, text: null, keys: {} };
  });
  var sorting = { column: "", order: "" };

  function key(entry, column, isNumber) {
    if (!(column in entry.keys)) {
      var cell = entry.row.cells[column];
      var value = cell.hasAttribute("data-value") ? cell.getAttribute("data-value") : cell.textContent.trim();
      entry.keys[column] = isNumber && value !== "" ? Number(value) : value;
    }
    return entry.keys[column];
  }

  // Whatever the order, rows without a value are last.
  function compare(column, isNumber, sign) {
    return function (one, other) {
      var a = key(one, column, isNumber), b = key(other, column, isNumber);
      if (a === "" || b === "") { return (a === "") - (b === "") || one.index - other.index; }
      return sign * (isNumber ? a - b : collator.compare(a, b)) || one.index - other.index;
    };
  }

  function sort(name, order) {
    var column = headers.findIndex(function (header) { return header.id === "by-" + name; });
    if (column < 0) { return; }
    var isNumber = headers[column].classList.contains("number");
    entries.sort(compare(column, isNumber, order === "descending" ? -1 : 1));
    headers.forEach(function (header) { header.removeAttribute("aria-sort"); });
    headers[column].setAttribute("aria-sort", order);
    sorting = { column: name, order: order };
    table.removeChild(body);
    entries.forEach(function (entry) { body.appendChild(entry.row); });
    table.appendChild(body);
  }

  function tell(count) {
    shown.textContent = count.toLocaleString() + " of " + entries.length.toLocaleString();
  }

  function filter() {
    var words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    var count = 0;
    table.removeChild(body);
    entries.forEach(function (entry) {
      if (words.length && entry.text === null) { entry.text = entry.row.textContent.toLowerCase(); }
      var fits = (!swept.checked || entry.row.hasAttribute("data-swept")) &&
        words.every(function (word) { return entry.text.indexOf(word) >= 0; });
      entry.row.hidden = !fits;
      count += fits ? 1 : 0;
    });
    table.appendChild(body);
    tell(count);
  }

  // The address keeps the view, so that it can be handed on.
  function remember() {
    var view = new URLSearchParams();
    if (sorting.column) { view.set("sort", sorting.column); view.set("order", sorting.order); }
    if (find.value) { view.set("find", find.value); }
    if (swept.checked) { view.set("swept", "1"); }
    try { history.replaceState(null, "", "#" + view.toString()); } catch (error) { /* not where the file is shown */ }
  }

  headers.forEach(function (header) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = header.textContent;
    button.addEventListener("click", function () {
      var name = header.id.slice("by-".length);
      var first = header.classList.contains("number") ? "descending" : "ascending";
      var second = first === "ascending" ? "descending" : "ascending";
      sort(name, sorting.column === name && sorting.order === first ? second : first);
      remember();
    });
    header.replaceChildren(button);
  });

  var waiting = 0;
  find.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(function () { filter(); remember(); }, 120);
  });
  swept.addEventListener("change", function () { filter(); remember(); });

  var view = new URLSearchParams(location.hash.slice(1));
  find.value = view.get("find") || "";
  swept.checked = view.get("swept") === "1";
  if (view.get("sort")) { sort(view.get("sort"), view.get("order") === "descending" ? "descending" : "ascending"); }
  if (find.value || swept.checked) { filter(); } else { tell(entries.length); }
  document.getElementById("tools").hidden = false;
  table.classList.add("sortable");
})();
