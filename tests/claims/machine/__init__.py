"""Any order of whatever can be done with organisations and claims, beside a model in plain Python.

The short form is tests/claims/test_machine.py; `python -m tests.claims.machine --examples 2000` is
the long one. MATCHPLATFORM_TEST_DATABASE=postgresql runs either on PostgreSQL.
"""
