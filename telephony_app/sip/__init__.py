"""A telephone in plain Python: places and takes SIP calls, with sound and keys.

`SipCall` calls, `SipPhone` is called. G.711 µ-law over RTP, digest authentication,
UDP, TCP or TLS; no SRTP, no SRV look-ups, no way around NAT: it is for self-tests and
test calls on networks where both sides reach each other.
"""

from telephony_app.sip.call import NotAnswered, SipCall
from telephony_app.sip.leg import Side
from telephony_app.sip.phone import SipPhone
from telephony_app.sip.phone_call import Manner, PhoneCall

__all__ = ["Manner", "NotAnswered", "PhoneCall", "Side", "SipCall", "SipPhone"]
