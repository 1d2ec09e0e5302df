"""For tests of the engine and of what is built on it: drawn vocabularies, rules and towns, and slow references.

Needs Hypothesis, which the engine itself does not.

>>> from queue_engine.testing import condition_text
>>> from queue_engine.rules.conditions import Confirmed, Not
>>> condition_text(Not(Confirmed("large_family")), {})
'not (confirmed(category.large_family on today))'

"""

from queue_engine.rules.written import condition_text
from queue_engine.testing.reference import order_one_by_one, rank_one_by_one, record_of, records_of
from queue_engine.testing.strategies import conditions, rule_sets, scenes, towns, vocabularies
from queue_engine.testing.town import Scene, Town
from queue_engine.testing.writing import rules_text, vocabulary_text

__all__ = [
    "Scene",
    "Town",
    "condition_text",
    "conditions",
    "order_one_by_one",
    "rank_one_by_one",
    "record_of",
    "records_of",
    "rule_sets",
    "rules_text",
    "scenes",
    "towns",
    "vocabularies",
    "vocabulary_text",
]
