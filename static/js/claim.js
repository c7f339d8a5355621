/* A claim form that counts as it is filled: form.claim[data-live].
   Inputs carry data-price (yuan, a decimal string; empty for unpriced lines) and data-unit; the sum appears in
   [data-sum], its capitals in [data-capital]. Integers only: quantity in thousandths times price in fen.
   The server counts again; without this script the form works the same. */
"use strict";

(() => {
  const DIGITS = "零壹贰叁肆伍陆柒捌玖";
  const PLACES = ["", "拾", "佰", "仟"];
  const GROUPS = ["", "万", "亿", "万亿"];

  /* "12.5" with three places -> 12500n; null when it is not a plain decimal number. */
  function toInteger(text, places) {
    const plain = text.trim().replace(/[,，\s]/g, "").replace(/[０-９．]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
    const parts = /^(\d*)(?:\.(\d*))?$/.exec(plain);
    if (!parts || !(parts[1] || parts[2])) return plain === "" ? 0n : null;
    const fraction = (parts[2] || "").slice(0, places).padEnd(places, "0");
    return BigInt((parts[1] || "0") + fraction);
  }

  function separated(fen) {
    const yuan = (fen / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",");
    const rest = (fen % 100n).toString().padStart(2, "0");
    return rest === "00" ? yuan : `${yuan}.${rest}`;
  }

  /* From ten thousand yuan on, 万元 to two decimals, half up. */
  function inWan(fen) {
    const words = separated((fen + 5000n) / 10000n);
    return words.includes(".") ? words : `${words}.00`;
  }

  function fourDigits(number) {
    let words = "";
    let gap = false;
    for (let place = 3; place >= 0; place -= 1) {
      const digit = Math.floor(number / 10 ** place) % 10;
      if (digit === 0) gap = words !== "";
      else {
        words += (gap ? "零" : "") + DIGITS[digit] + PLACES[place];
        gap = false;
      }
    }
    return words;
  }

  function capitals(fen) {
    let yuan = fen / 100n;
    const jiao = Number((fen % 100n) / 10n);
    const cent = Number(fen % 10n);
    const groups = [];
    for (; yuan > 0n; yuan /= 10000n) groups.push(Number(yuan % 10000n));
    let words = "";
    for (let i = groups.length - 1; i >= 0; i -= 1) {
      if (groups[i] === 0) continue;
      if (words && (groups[i] < 1000 || groups[i + 1] % 10 === 0)) words += "零";
      words += fourDigits(groups[i]) + GROUPS[i];
    }
    if (words) words += "元";
    if (!jiao && !cent) return (words || "零元") + "整";
    if (jiao) words += DIGITS[jiao] + "角";
    else if (words) words += "零";
    return words + (cent ? DIGITS[cent] + "分" : "整");
  }

  function watch(form) {
    const inputs = [...form.querySelectorAll("input[data-price]")];
    const sum = form.querySelector("[data-sum]");
    const capital = form.querySelector("[data-capital]");
    if (!sum) return;

    function count() {
      let total = 0n;
      for (const input of inputs) {
        const quantity = toInteger(input.value, 3);
        const price = toInteger(input.dataset.price, 2);
        if (quantity && price) total += (quantity * price + 500n) / 1000n;
      }
      const wan = total >= 1000000n ? `（${inWan(total)}\u00a0万元）` : "";
      sum.textContent = `${separated(total)}\u00a0元`;
      if (capital) capital.textContent = total > 0n ? capitals(total) + wan : "";
    }

    form.addEventListener("input", count);
    count();
  }

  document.querySelectorAll("form.claim[data-live]").forEach(watch);
})();
