// The wall, kept up to date. Nothing is said: who wants to know looks.

import { follow } from "./fragment.js";

follow(document.getElementById("board"), "/wall/board");
document.querySelector("[data-refresh]").hidden = true;
