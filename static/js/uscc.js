/* The unified social credit code (GB 32100-2015), looked at while it is typed: length, alphabet, check character,
   and the prefix of the chosen type. The hint [data-uscc-hint] carries its words; the server checks again. */
"use strict";

(() => {
  const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const PREFIX = { association: "51", chamber: "51", service_org: "52", foundation: "53" };
  const input = document.querySelector("#uscc");
  const hint = document.querySelector("[data-uscc-hint]");
  if (!input || !hint) return;

  /* Weights are the powers of 3 modulo 31; the check character makes the sum divisible by 31. */
  function checkCharacter(body) {
    let sum = 0;
    let weight = 1;
    for (const letter of body) {
      sum += ALPHABET.indexOf(letter) * weight;
      weight = (weight * 3) % 31;
    }
    return ALPHABET[(31 - (sum % 31)) % 31];
  }

  function say(code) {
    const odd = [...new Set(code)].filter((letter) => !ALPHABET.includes(letter));
    if (odd.length) return hint.dataset.odd.replace("{letters}", odd.join("、"));
    if (code.length !== 18) return code ? hint.dataset.count.replace("{count}", code.length) : "";
    if (checkCharacter(code.slice(0, 17)) !== code[17]) return hint.dataset.check;
    const type = document.querySelector("input[name=org_type]:checked");
    const prefix = type ? PREFIX[type.value] : "";
    if (prefix && !code.startsWith(prefix)) return hint.dataset.prefix.replace("{prefix}", prefix);
    return hint.dataset.fine;
  }

  function look() {
    const words = say(input.value.normalize("NFKC").replace(/[\s-]/g, "").toUpperCase());
    if (hint.textContent !== words) hint.textContent = words;
  }

  input.addEventListener("input", look);
  document.querySelectorAll("input[name=org_type]").forEach((radio) => radio.addEventListener("change", look));
  look();
})();
