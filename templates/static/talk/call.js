/** A call as the REST API knows it: opened, looked up, ended. */

import { Refusal, aboutAnswer } from "./refusal.js";

export class Call {
    #urls;
    #token;

    constructor(urls, csrfToken) {
        this.#urls = urls;
        this.#token = csrfToken;
    }

    /** Ask for a room with the agent on its way; `{url, token, room, call_id}`. */
    async open(agentId) {
        this.session = await this.#post(this.#urls.session_url, { agent_id: agentId });
        return this.session;
    }

    get page() {
        return `${this.#urls.call_pages_url}${this.session.call_id}/change/`;
    }

    /** The row once it has ended, or as it is after a few looks. */
    async ended() {
        for (let look = 0; look < 8; look += 1) {
            const row = await this.#get(this.#path()).catch(() => null);
            if (row?.state === "ended") return row;
            await new Promise((resolve) => setTimeout(resolve, 500));
        }
        return null;
    }

    /** End a call whose room was never entered; survives the page's closing. */
    end() {
        return this.#post(`${this.#path()}/end`, {}).catch(() => null);
    }

    #path() {
        return `${this.#urls.calls_url}${this.session.call_id}`;
    }

    #post(url, body) {
        const headers = { "Content-Type": "application/json", "X-CSRFToken": this.#token };
        return ask(url, { method: "POST", headers, body: JSON.stringify(body), keepalive: true });
    }

    #get(url) {
        return ask(url, {});
    }
}

async function ask(url, options) {
    let response;
    try {
        response = await fetch(url, { credentials: "same-origin", ...options });
    } catch {
        throw new Refusal("The web server did not answer. Check your connection and try again.");
    }
    if (!response.ok) throw new Refusal(await aboutAnswer(response));
    return response.json();
}
