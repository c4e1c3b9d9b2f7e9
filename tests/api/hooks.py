"""Signs schemathesis in: at the core as the agency's owner, at the administration as its admin.

`UPZENTO_API_WORLD` names the file in which `up` keeps the demo world.
"""

import base64
import hashlib
import hmac
import json
import os
import struct
import threading
import time

import requests
import schemathesis

with open(os.environ["UPZENTO_API_WORLD"], encoding="utf-8") as file:
    WORLD = json.load(file)


def code(secret):
    """The code that an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


LOCK = threading.Lock()
TOKENS = {}


def sign_in(base, administration):
    admin, owner = WORLD["platform_admin"], WORLD["agency"]
    if administration:
        body = {"email": admin["email"], "password": admin["password"], "code": code(admin["totp_secret"])}
    else:
        body = {"email": owner["email"], "password": owner["password"]}
    answer = requests.post(f"{base}/v1/sessions", json=body, timeout=10)
    answer.raise_for_status()
    return answer.json()["access_token"]


@schemathesis.auth()
class SignIn:
    def get(self, case, context):
        base = case.operation.schema.get_base_url()
        # Once for all workers: a code of the admin's second factor works once.
        with LOCK:
            if base not in TOKENS:
                title = case.operation.schema.raw_schema["info"]["title"]
                TOKENS[base] = sign_in(base, "administration" in title)
            return TOKENS[base]

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}
