"""Tests of agreements and commitments."""
