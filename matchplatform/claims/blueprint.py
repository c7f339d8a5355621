"""The blueprint of claims; its routes stand in views.py and, by noun, beside it."""

from flask import Blueprint

bp = Blueprint("claims", __name__)
