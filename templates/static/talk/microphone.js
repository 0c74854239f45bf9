/** The caller's microphone: asked for, chosen, muted. */

import { INSECURE, Refusal, aboutMicrophone } from "./refusal.js";

export class Microphone {
    #select;
    // Two for a moment, when the question of a call that is over is answered in the next one.
    #tracks = new Set();

    constructor(select) {
        this.#select = select;
        select.addEventListener("change", () => {
            this.#tracks.forEach((track) => track.setDeviceId(select.value || "default"));
        });
        navigator.mediaDevices?.addEventListener("devicechange", () => this.#list());
        this.#list();
    }

    /** A track of the microphone, to be closed; throws a Refusal that says why there is none. */
    async open() {
        if (!window.isSecureContext || !navigator.mediaDevices) throw new Refusal(INSECURE);
        const deviceId = this.#select.value || undefined;
        let track;
        try {
            track = await LivekitClient.createLocalAudioTrack({
                deviceId,
                echoCancellation: true,
                noiseSuppression: true,
                autoGainControl: true,
            });
        } catch (error) {
            throw new Refusal(aboutMicrophone(error));
        }
        this.#tracks.add(track);
        await this.#list();
        return track;
    }

    async mute(isMuted) {
        const tracks = [...this.#tracks];
        await Promise.all(tracks.map((track) => (isMuted ? track.mute() : track.unmute())));
    }

    close(track) {
        track?.stop();
        this.#tracks.delete(track);
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
