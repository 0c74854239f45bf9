/* The agent form: previews of spoken lines, samples of voices, seconds in minutes. */
"use strict";

/* What stands for each name in braces: the agent's, and the variables' defaults. */
function known(form) {
  const values = { agent_name: form.elements.name?.value || "the agent" };
  for (const line of (form.elements.variables?.value || "").split("\n")) {
    const [name, ...rest] = line.split("=");
    if (name.trim()) values[name.trim()] = rest.join("=").trim();
  }
  return values;
}

/* What a caller hears of a template, by the rules of Python's str.format; throws. */
function spoken(template, values) {
  const piece = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
  return template.replace(piece, (found, name) => {
    if (found === "{{") return "{";
    if (found === "}}") return "}";
    if (name === undefined) throw new Error("A brace has no partner. Write {{ or }} for a plain brace.");
    if (!Object.hasOwn(values, name)) throw new Error(`Nothing is known to fill {${name}} with. Use {agent_name}, or name it under Variables.`);
    return values[name];
  });
}

/* Under the input, what its template becomes; nothing where that is the same words. */
function preview(input) {
  const words = document.createElement("p");
  words.className = "preview";
  words.setAttribute("role", "status");
  input.after(words);
  const show = () => {
    try {
      const text = spoken(input.value, known(input.form)).trim();
      words.textContent = text && text !== input.value.trim() ? `Callers hear: “${text}”` : "";
      words.classList.remove("preview-wrong");
    } catch (error) {
      words.textContent = error.message;
      words.classList.add("preview-wrong");
    }
  };
  for (const name of [input.name, "name", "variables"]) {
    input.form.elements[name]?.addEventListener("input", show);
  }
  show();
}

const TRIES = 12;
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/* The voice's sample; the server answers 202 while it is being made. */
async function sample(url) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await fetch(url);
    if (answer.status === 200) return URL.createObjectURL(await answer.blob());
    if (answer.status !== 202) throw new Error("The sample could not be loaded. Reload the page and try again.");
    await wait(700);
  }
  throw new Error("The sample is not made yet. Is the Celery worker running?");
}

function hearIt(button) {
  const words = button.nextElementSibling;
  const player = new Audio();
  button.addEventListener("click", async () => {
    const form = button.form;
    const query = new URLSearchParams({ voice: form.elements.voice.value, language: form.elements.language.value });
    button.disabled = true;
    words.textContent = "Getting the sample…";
    try {
      player.src = await sample(`${button.dataset.hearIt}?${query}`);
      await player.play();
      words.textContent = `${form.elements.voice.value} speaks.`;
    } catch (error) {
      words.textContent = error.message;
    } finally {
      button.disabled = false;
    }
  });
}

function inMinutes(input) {
  const unit = input.parentElement.querySelector("span");
  const show = () => {
    const seconds = Number(input.value);
    const minutes = `${Math.floor(seconds / 60)} min ${seconds % 60 ? `${seconds % 60} s` : ""}`;
    unit.textContent = seconds >= 60 ? `seconds, that is ${minutes.trim()}` : "seconds";
  };
  input.addEventListener("input", show);
  show();
}

/* Ctrl-S, or Cmd-S, does what the main button does. */
function saveByKeyboard(event) {
  if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
  const button = document.querySelector("#submit-row [name=_save]");
  if (!button) return;
  event.preventDefault();
  if (!event.repeat) button.click();
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-spoken-line]").forEach(preview);
  document.querySelectorAll("[data-hear-it]").forEach(hearIt);
  document.querySelectorAll("#id_max_call_seconds, #id_silence_seconds").forEach(inMinutes);
  document.querySelectorAll("[data-confirm]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      if (!window.confirm(form.dataset.confirm)) event.preventDefault();
    });
  });
  document.addEventListener("keydown", saveByKeyboard);
});
