/* A form shown again with faults: the summary takes the focus, so that it is read first. */
"use strict";

document.querySelector(".errors[data-focus]")?.focus();
