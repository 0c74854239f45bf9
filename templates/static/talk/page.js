/** The Talk page: its parts, and what its buttons do. */

import { Clock } from "./clock.js";
import { Conversation } from "./conversation.js";
import { Meter } from "./meter.js";
import { Microphone } from "./microphone.js";
import { Stage } from "./stage.js";
import { Transcript } from "./transcript.js";

const element = (name) => document.getElementById(`talk-${name}`);
const data = JSON.parse(element("data").textContent);
const stage = new Stage();
const typing = element("typing");
const parts = {
    data,
    stage,
    csrfToken: document.querySelector("#talk [name=csrfmiddlewaretoken]").value,
    clock: new Clock(element("clock")),
    microphone: new Microphone(element("microphone")),
    meters: {
        agent: new Meter(element("level-agent")),
        caller: new Meter(element("level-caller")),
    },
    transcript: new Transcript(element("transcript"), element("empty"), {
        caller: "You",
        agent: data.agent_name,
    }),
};
let conversation;

stage.start.addEventListener("click", () => {
    stage.clear();
    parts.transcript.clear();
    conversation = new Conversation(parts);
    conversation.start();
    stage.end.focus();
});
stage.end.addEventListener("click", () => conversation.hangUp());
stage.mute.addEventListener("click", async () => {
    await parts.microphone.mute(!stage.isMuted);
    stage.showMuted(!stage.isMuted);
});
typing.addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = element("text");
    const text = field.value.trim();
    field.value = "";
    if (text && !(await conversation.type(text))) field.value ||= text;
});
document.querySelectorAll(".talk-phrase").forEach((button) => {
    button.addEventListener("click", () => conversation.type(button.dataset.phrase));
});
window.addEventListener("pagehide", () => conversation?.leaveIfNotJoined());
