"""Any order of whatever can be done with ceremonies and their claims, beside a model in plain Python.

The short form is tests/ceremonies/test_machine.py; `python -m tests.ceremonies.machine --examples
400` is the long one. MATCHPLATFORM_TEST_DATABASE=postgresql runs either on PostgreSQL.
"""
