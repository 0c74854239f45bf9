"""Digest answers against the examples of the RFCs."""

import pytest

from telephony_app.sip import digest

RFC_2617 = (
    'Digest realm="testrealm@host.com", qop="auth,auth-int", '
    'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
    'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
)
RFC_7616 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
    'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


def answer(asked: str, *, password: str, cnonce: str = "") -> dict[str, str]:
    """The fields of the answer that Mufasa gives."""
    return digest.fields(
        digest.answer(
            asked,
            method="GET",
            uri="/dir/index.html",
            user="Mufasa",
            password=password,
            cnonce=cnonce,
        )
    )


@pytest.mark.parametrize(
    ("asked", "password", "cnonce", "response"),
    [
        (RFC_2617, "Circle Of Life", "0a4f113b", "6629fae49393a05397450978507c4ef1"),
        (
            RFC_7616,
            "Circle of Life",
            "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            "8ca523f5e9506fed4657c9700eebdbec",
        ),
    ],
)
def test_answer_is_the_example_of_the_rfc(
    asked: str, password: str, cnonce: str, response: str
) -> None:
    told = answer(asked, password=password, cnonce=cnonce)
    assert told["response"] == response
    assert told["opaque"] == digest.fields(asked)["opaque"]
    assert told["nc"] == "00000001"


def test_old_challenge_without_qop_is_answered_the_old_way() -> None:
    told = answer('Digest realm="r", nonce="n"', password="p")
    assert "cnonce" not in told
    # RFC 2069: MD5(MD5(user:realm:password):nonce:MD5(method:uri))
    assert told["response"] == "9751d92a32ff61a7c3716b4554ed66dd"


@pytest.mark.parametrize(
    "asked", ['Digest realm="r", nonce="n", algorithm=SHA-256', 'Basic realm="r"']
)
def test_challenge_for_something_else_is_refused(asked: str) -> None:
    with pytest.raises(ValueError, match="MD5"):
        answer(asked, password="p")


def test_own_challenge_takes_the_right_answer_alone() -> None:
    asked = digest.challenge("telephone")

    def is_right(password: str, *, of: str = asked, user: str = "lk") -> bool:
        told = digest.answer(
            of, method="INVITE", uri="sip:a@b", user=user, password=password
        )
        return digest.is_right(
            told, asked=asked, method="INVITE", user="lk", password="secret"
        )

    assert is_right("secret")
    assert not is_right("guessed")
    assert not is_right("secret", user="other")
    assert not is_right("secret", of=digest.challenge("telephone"))
