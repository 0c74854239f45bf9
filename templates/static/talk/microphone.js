/** The caller's microphone: asked for, chosen, muted. */

import { INSECURE, Refusal, aboutMicrophone } from "./refusal.js";

export class Microphone {
    #select;

    constructor(select) {
        this.#select = select;
        select.addEventListener("change", () => this.track?.setDeviceId(select.value || "default"));
        navigator.mediaDevices?.addEventListener("devicechange", () => this.#list());
        this.#list();
    }

    /** The microphone's track; throws a Refusal that says why there is none. */
    async open() {
        if (!window.isSecureContext || !navigator.mediaDevices) throw new Refusal(INSECURE);
        const deviceId = this.#select.value || undefined;
        try {
            this.track = await LivekitClient.createLocalAudioTrack({
                deviceId,
                echoCancellation: true,
                noiseSuppression: true,
                autoGainControl: true,
            });
        } catch (error) {
            throw new Refusal(aboutMicrophone(error));
        }
        await this.#list();
        return this.track;
    }

    async mute(isMuted) {
        await (isMuted ? this.track?.mute() : this.track?.unmute());
    }

    close() {
        this.track?.stop();
        this.track = undefined;
    }

    /** Browsers tell names only once a microphone was allowed. */
    async #list() {
        const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
        const named = devices.filter((d) => d.kind === "audioinput" && d.label);
        const chosen = this.#select.value;
        const choices = named.map((d) => new Option(d.label, d.deviceId));
        this.#select.replaceChildren(new Option("The browser's choice", ""), ...choices);
        if (named.some((d) => d.deviceId === chosen)) this.#select.value = chosen;
    }
}
