"""Invent valid unified social credit codes for demo and tests.

Source: GB 32100-2015 (positions 3-8 division, 9-17 subject, 18 check).
"""

from stdnum.cn import uscc as standard


def make_uscc(prefix: str, region_code: str, serial: int) -> str:
    """Return a valid code whose subject part is MJ0 and six digits, as social bodies have."""
    body = f"{prefix}{region_code}MJ0{serial:06d}"
    return body + str(standard.calc_check_digit(body))
