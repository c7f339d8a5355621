"""The blueprint of offers; its routes stand in views.py and desk.py."""

from flask import Blueprint

bp = Blueprint("offers", __name__)
