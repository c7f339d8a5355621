"""The blueprint of ceremonies; its routes stand in views.py and, by noun, beside it."""

from flask import Blueprint

bp = Blueprint("ceremonies", __name__)
