"""The tests that stand beside rules: read, run by both evaluators, measured by coverage and mutation."""

from __future__ import annotations

from queue_engine.cases.report import CODES, CaseReport, RuleSetTried, check_cases

__all__ = ["CODES", "CaseReport", "RuleSetTried", "check_cases"]
