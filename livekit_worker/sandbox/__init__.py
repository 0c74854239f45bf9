"""The sandbox model: a stand-in for Gemini Live, so that agents talk with no account.

It speaks the Gemini Live protocol over TLS, and the very plugin that talks to Google
talks to it. It hears a few whole phrases and reads any typed text, answers small talk,
quotes the agent's instructions, picks functions by their words, asks for what they need
and says what they gave. It understands nothing beyond that, and says so.

Run it: `manage.py run_sandbox_model [--host H] [--port N] [--state-dir DIR]`.
It leaves `ca.pem` in the state directory and prints "Sandbox model ready at ...".

Connect to it:

    tls = ssl.create_default_context(cafile=settings.SANDBOX_STATE_DIR / "ca.pem")
    options = types.HttpOptions(
        base_url=settings.SANDBOX_MODEL_URL,
        client_args={"verify": tls},
        async_client_args={"ssl": tls, "verify": tls},
    )
    RealtimeModel(api_key="sandbox", http_options=options, ...)

Any key will do, except `sandbox-wrong-key`, which is refused as Google refuses a wrong
one: the socket opens, then closes with 1007 "API key not valid. ..." .

In a test:

    tls = make_tls(tmp_path, host="127.0.0.1")
    sandbox = Sandbox(in_real_time=False)
    async with await sandbox.listen(host="127.0.0.1", port=0, tls=tls) as server:
        port = server.sockets[0].getsockname()[1]

Scripted replies and misbehaviour: `scenario`. What can be said to it: `phrases`.
"""
